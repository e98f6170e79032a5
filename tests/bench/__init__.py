"""Measurements: scripts that print rates, and the functions that the bench harness calls."""
