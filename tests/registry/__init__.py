"""Tests of the registry: given / when / expect."""
