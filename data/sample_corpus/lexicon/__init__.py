"""Bilingual word tables, written by hand."""
