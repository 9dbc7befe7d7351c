"""Tags of the files in a library, read by children: a hostile file ends one of them and nothing else."""
