"""Mail and in-app messages, each told once."""
