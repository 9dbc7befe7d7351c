"""Integrations: what goes out to other services on behalf of people."""
