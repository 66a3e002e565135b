"""The admin of plans and evaluations, found by Django here."""

from evaluations.admin import entries, evaluations, plans, review
