"""All SQL of identity, one file for each of its concerns."""
