"""Tests of whole installations: real processes, real servers, real files."""
