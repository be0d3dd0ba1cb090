"""The floor that every room leans on: refusals, texts, the clock, settings, the database door."""
