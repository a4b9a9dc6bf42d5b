"""Similar past incidents: finding them by their words, and saying why."""
