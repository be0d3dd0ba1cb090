"""The floor that every room may lean on: refusals, texts, the clock, settings, the database door."""
