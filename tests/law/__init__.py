"""The law as tests: for each article that the engine obeys, one test that is named after it."""
