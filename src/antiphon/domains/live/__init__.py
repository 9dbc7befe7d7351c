"""Live: what sounds now; so far internet radio stations."""
