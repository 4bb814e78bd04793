// The first declarations of DataFormats come here.
