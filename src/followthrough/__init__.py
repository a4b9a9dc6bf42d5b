"""Followthrough runs post-mortem meetings and sees their decisions through."""
