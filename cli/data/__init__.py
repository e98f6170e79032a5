"""Data that the command ships with; ORIGIN.md says where each file is from."""
