"""Figures that the project promises, measured against a real server."""
