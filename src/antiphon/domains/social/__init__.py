"""Social: what people think of works, what they pass on, and what they say to each other."""
