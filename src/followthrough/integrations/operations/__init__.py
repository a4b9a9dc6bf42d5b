"""Every change to connections, links and what goes out and comes in."""
