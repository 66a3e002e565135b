"""Running the site: what operators need. Knows nothing of evaluations."""
