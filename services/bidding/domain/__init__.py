"""Construction tendering as pure functions: commands, events, phases, law, decide and evolve."""
