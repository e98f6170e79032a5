"""The peers: what a competent team would write for the same work without this platform, measured beside it."""
