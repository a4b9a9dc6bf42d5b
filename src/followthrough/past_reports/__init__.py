"""Reports written elsewhere: their timeline, causes and action items become records of an earlier post-mortem."""
