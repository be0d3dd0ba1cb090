"""Every component of the pages, on pages of their own that only tests can open."""
