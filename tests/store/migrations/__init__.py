"""The revisions of the till's schema."""
