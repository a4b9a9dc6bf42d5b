"""Every write of what is counted: each a refresh that bears repetition."""
