"""How soon everyone in a crowded room sees a change, and how many a second that holds for."""
