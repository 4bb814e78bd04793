// The first declarations of ObjectStore come here.
