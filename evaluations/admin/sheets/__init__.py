"""The sheets that the admin exports and imports, by natural keys."""
