"""Reading what is similar, and what is still to be indexed."""
