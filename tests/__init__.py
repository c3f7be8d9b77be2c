"""Tests: each name is a sentence."""
