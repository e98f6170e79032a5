"""What the audit decides, pure: whether a message is a record, where it belongs, and what its stream tells."""
