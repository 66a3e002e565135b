"""Years and days: another year where this one is meant, days that do not exist, texts left from last year."""

from evaluations.checks.periods import days, terms, unchanged, years
