"""Pure statistics: is it more than chance, how long until, how wide, did it change. Knows nothing of the domain."""
