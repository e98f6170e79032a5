"""Real servers for tests and benchmarks: private ones on loopback, or those that the environment names."""
