"""How fast the service is, as ratios of one interleaved run: ``make bench``."""
