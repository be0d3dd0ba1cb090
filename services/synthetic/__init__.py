"""Synthetic cases: a plan of lives that never were, played through the services that people use."""
