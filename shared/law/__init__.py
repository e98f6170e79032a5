"""The law as dated values, statutory periods and the calendar; pure."""
