"""Typography and form: empty parts, doubled particles, brackets, widths, letters that are lost."""
