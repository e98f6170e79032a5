"""The timetable of a tender (时限): what suspends it, lets it go on, or moves its deadline."""
