"""Installations that are broken on purpose, and the check that nothing was lost by it."""
