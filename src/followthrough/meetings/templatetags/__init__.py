"""How actions are shown."""
