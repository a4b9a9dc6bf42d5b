"""Leaf helpers that know nothing of the product: errors, times, pages, Markdown, assets."""
