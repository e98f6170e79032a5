"""The kernel that every line of business stands on; no line of business in it."""
