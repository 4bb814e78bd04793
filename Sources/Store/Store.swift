// The first declarations of Store come here.
