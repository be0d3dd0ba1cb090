"""One business start-up, played over HTTP by a machine in every role."""
