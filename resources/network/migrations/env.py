"""Alembic asks for this file; the program runs the steps itself on an open, keyed connection."""
