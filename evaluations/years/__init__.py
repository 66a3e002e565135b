"""A year's rows, loaded once; the rows made when it opens; and the evaluation of the next year."""
