"""Similar incidents and what keeps coming back."""
