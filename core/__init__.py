"""The floor under every room: refusals, texts, the clock, settings, the database door."""
