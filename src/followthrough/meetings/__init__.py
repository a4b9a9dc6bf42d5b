"""Meetings of a post-mortem, their agenda, and what the rooms above share of them."""
