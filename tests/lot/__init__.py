"""The lot as land sells it: given a history, when a command comes, expect events; no mocks."""
