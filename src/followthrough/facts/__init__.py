"""What is counted over all incidents, kept up to date by jobs: metrics, outcomes, occurrences, monthly roll-ups."""
