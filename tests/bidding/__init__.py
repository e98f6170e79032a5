"""Construction tendering: given a history, when a command comes, expect events; no mocks."""
