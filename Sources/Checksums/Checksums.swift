// The first declarations of Checksums come here.
