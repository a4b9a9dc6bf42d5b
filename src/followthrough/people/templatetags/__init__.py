"""How people are shown."""
