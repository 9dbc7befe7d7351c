"""Discovery domain: search and what to hear next."""
