"""Years and days: another year in place of the evaluated one, days that do not exist, texts left from last year."""

from evaluations.checks.periods import days, terms, unchanged, years
