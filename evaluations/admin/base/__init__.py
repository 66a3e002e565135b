"""What the admins of all records share. The site itself is tokku/admin.py.

All permissions come from evaluations.permissions. Each module imports only those above it:

    access          the access of a request's person, kept for the request
    forms           forms that ask the rules and detect another person's save
    rules           the admin of a model under the rules: for the secretariat, or read-only
    records         the admin of a record, with its history
    entry           the admin of what is filled in for an evaluation
    lists, inlines, import_export
"""
