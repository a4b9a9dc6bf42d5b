"""The summary: assembled from the record, edited, published, exported and shared."""
