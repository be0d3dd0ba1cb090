"""Kill, load and long random runs, as long as LONG_MINUTES says; seeds are printed."""
