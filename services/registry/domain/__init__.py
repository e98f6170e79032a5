"""The registry as pure functions: parties, accounts and disclosures; law, decide and evolve."""
