"""State machines, clocks, calendars, permissions: what may follow what, and who may do it. Pure."""
