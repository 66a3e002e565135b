"""What the admin of every record has in common. Its site is tokku/admin.py.

Who may do what comes from evaluations.permissions alone. Each module knows those above it:

    access          what the person of a request sees and may do
    forms           a form that notices another person's save
    rules           the admin of a model under the rules: plan-side, or for reading only
    records         the admin of a record, with its history
    entry           the admin of what is filled in for an evaluation
    lists, inlines, import_export
"""
