"""Numbered changes to the tables: immutable once released, one transaction each."""
