// The first declarations of Router come here.
