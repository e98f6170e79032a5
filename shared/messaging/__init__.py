"""The only room that knows kombu: topology, relay, inbox and the embedded transport."""
