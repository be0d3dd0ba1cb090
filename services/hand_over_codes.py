"""The eight characters of a hand-over: made, read as people write them, shown, and hashed."""

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O, which people read in two ways."""
CODE_LENGTH = 8


def new_code() -> str:
    """A fresh code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """A code as people write it: any case and width, with spaces or hyphens."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in text if character in ALPHABET)


def shown_code(code: str) -> str:
    """A code as people read it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def code_hash(code: str, secret: str) -> bytes:
    """What is stored: a code is short enough to be tried out from a plain hash; a secret is not."""
    return hmac.digest(secret.encode(), f"hand_over_code\0{code}".encode(), hashlib.sha256)
