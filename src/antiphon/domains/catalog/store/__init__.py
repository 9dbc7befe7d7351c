"""All SQL of the catalogue, a module for each kind of row."""
