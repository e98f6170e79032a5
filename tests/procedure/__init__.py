"""What the lines share, tested as plain functions."""
