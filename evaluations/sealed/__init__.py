"""Sealed versions, and everything that leaves the house: files, the bundle and open data."""
