"""Sealed versions, and what is published or sent: files, the bundle for the Cabinet Office, open data."""
