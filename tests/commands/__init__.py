"""Tests of the terminal commands and the processes they start."""
