"""Hand-in and review: how far everybody is, what is still missing, and what changed. No views."""
