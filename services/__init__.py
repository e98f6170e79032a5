"""The services: one folder a line of business or office, all with the same rooms."""
