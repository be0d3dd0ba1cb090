"""Pages, as browsers meet them."""
