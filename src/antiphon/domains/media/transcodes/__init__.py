"""Files made on demand: what an imported track is heard by, in whatever format somebody's player wants."""
