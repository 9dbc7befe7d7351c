"""Collections that lie in folders of this machine and stay there: found, read, and brought into the catalogue."""
