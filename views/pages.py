"""Which page of a list an address asks for."""

from flask import request

from forms.posted import posted_number
from services.pages import PAGE_SIZE, Slice


def posted_slice(name: str = "page", size: int = PAGE_SIZE) -> Slice:
    """The page under ``name`` in the address; the first for anything that is no number."""
    return Slice(page=posted_number(request.args.get(name)) or 1, size=size)
