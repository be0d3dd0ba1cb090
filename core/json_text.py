"""JSON as the database gets it."""

import json


def dump_json(value: object) -> str:
    """JSON without spaces, Chinese kept readable."""
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` makes one at every call that does not want its defaults."""
