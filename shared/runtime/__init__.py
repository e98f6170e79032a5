"""The nameko chassis: consumers, entrypoints, providers and the registry of lines."""
