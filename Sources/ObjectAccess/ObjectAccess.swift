// The first declarations of ObjectAccess come here.
