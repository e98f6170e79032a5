"""The `ggzy` command."""
