"""Land-use and mining rights: the law's rows as given, when, expect."""
