"""Tests of the `ggzy` command."""
