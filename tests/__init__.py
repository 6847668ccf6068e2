"""What the service does, by behaviour."""
