"""The rows of a year as contents, and contents into rows: loading, importing, storing."""
