"""Rows of the database and what they say: a year's rows, asked once, and its contents."""
