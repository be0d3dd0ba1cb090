"""One application of any one-thing, played over HTTP by a machine in every role."""
