"""Versioned records: optimistic concurrency, removal that can be taken back, and a row of the log for each change."""
