"""Golden histories: whole procedures as they were recorded once, never edited; today's code must still agree."""
