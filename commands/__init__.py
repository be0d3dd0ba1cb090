"""The terminal and the clock: the other edge of the program."""
