"""Sealed versions, and what is published or sent: PDF and Word, the bundle for the Cabinet Office, open data.

PDF and Word of drafts are made here too (`media`).
"""
