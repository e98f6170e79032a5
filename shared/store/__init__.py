"""The databases: journal, command handling, timers, arrivals, blobs, ledger tables."""
