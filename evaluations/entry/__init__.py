"""Entry: what one person fills in over a year, on pages, in a workbook or in a Word file. No pages."""
