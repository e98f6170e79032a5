"""The tests: one folder per room, given / when / expect in words of the domain."""
