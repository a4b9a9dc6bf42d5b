"""Pages of connections, and the address where services send."""
