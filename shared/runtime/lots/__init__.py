"""What every service that sells lots adds to the kernel: facts and secrets for its decisions, tables and queries."""
