"""Texts that several people write at once: their documents, versions, and the way to Markdown and back."""
