"""Whole files and other APIs: import, export and pull."""
