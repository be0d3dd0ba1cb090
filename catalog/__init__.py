"""The one-things and processes as data: typed schema, loader, checks."""
