"""Full-text search over everything that is written here: one index, kept by the log of changes, read by who looks."""
