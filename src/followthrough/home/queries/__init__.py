"""Reading what home draws and what its digests say."""
