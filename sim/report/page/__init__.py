"""Reports as pages: one file each, that needs no network, no script and no other file."""
