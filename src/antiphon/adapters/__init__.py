"""The outside world behind ports: one folder a port, the composition root chooses."""
