"""Action items, from proposed to verified."""
