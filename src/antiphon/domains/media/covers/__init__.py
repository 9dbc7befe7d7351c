"""Pictures at any size: scaled when somebody first asks, kept as long as there is room."""
