"""Spreadsheets in and out: sheets, their files, what a cell says, and rows by natural keys. No evaluations in here."""
