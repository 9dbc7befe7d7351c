"""All SQL of social."""
