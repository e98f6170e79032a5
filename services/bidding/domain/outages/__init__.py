"""Outages of the platform (平台故障): declared once, and every deadline that one fell on is extended."""
