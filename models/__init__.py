"""Tables, and nothing that decides. Every model is imported here so that Alembic sees it."""
