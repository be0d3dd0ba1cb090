"""JSON as the database gets it."""

import json


def dump_json(value: object) -> str:
    """JSON without spaces, Chinese kept readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
