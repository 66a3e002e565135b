"""The admin of plans and evaluations. Importing the modules registers it with Django."""

from evaluations.admin import entries, evaluations, plans, review, zones
