"""The revisions of property's schema, in the order of their names; docs/decisions/0017 says how to add one."""
