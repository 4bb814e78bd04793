// The first declarations of Archive come here.
