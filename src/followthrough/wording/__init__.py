"""Pure language checks: is an action specific, is a sentence blameless."""
