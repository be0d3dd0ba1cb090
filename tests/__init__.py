"""Tests: sentences as names, a real PostgreSQL, no doubles of our own code."""
