"""The revisions of the bidding's schema, in the order of their names; docs/decisions/0014 says how to add one."""
