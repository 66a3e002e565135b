"""Names: misspelt ones, two spellings of one, abbreviations before they are introduced."""

from evaluations.checks.names import known, organisations
