// The first declarations of Agent come here.
