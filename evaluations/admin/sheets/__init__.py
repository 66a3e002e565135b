"""The sheets that the admin exports and imports. Rows are identified by natural keys."""
