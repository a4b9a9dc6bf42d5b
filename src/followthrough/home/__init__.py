"""The first page: what still needs following through."""
