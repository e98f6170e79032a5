"""Sealed bids: envelopes, shares, signatures, credentials and receipts."""
