"""The evaluation committee (评标委员会): who sits, what its members find and score alone, and the report they sign."""
