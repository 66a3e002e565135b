"""The rows of a year, the rows created when it opens, and the evaluation of the next year."""
