"""The calendar files, one a year, and the script that makes them."""
