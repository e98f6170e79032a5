"""The transparency log and its verifiers."""
