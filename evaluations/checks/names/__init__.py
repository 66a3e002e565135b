"""Names: misspellings, two spellings of one name, abbreviations used before they are introduced."""

from evaluations.checks.names import known, organisations
