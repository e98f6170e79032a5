"""The revisions of the audit's schema, in the order of their names; docs/decisions/0014 says how to add one."""
