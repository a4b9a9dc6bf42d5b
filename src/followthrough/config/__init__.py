"""Settings, addresses, ASGI and schedule: the composition root."""
