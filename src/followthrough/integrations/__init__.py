"""Integrations: services outside that actions are kept in step with, each a folder of its own over one contract."""
