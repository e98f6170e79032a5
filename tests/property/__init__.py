"""State property: the law's rows as given, when, expect."""
