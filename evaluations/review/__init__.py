"""Hand-in and review: progress of the authors, missing fields, and changes. No views."""
