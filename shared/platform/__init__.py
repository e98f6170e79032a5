"""Clock, settings and logging, free of nameko and eventlet."""
