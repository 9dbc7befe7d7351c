"""Domain-free tools: knows nothing of music."""
