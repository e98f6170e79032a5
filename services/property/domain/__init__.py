"""The rules of state property, as values; pure."""
