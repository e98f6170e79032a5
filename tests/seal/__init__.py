"""Sealed bids: what must open, what must not, and whose fault it then is."""
