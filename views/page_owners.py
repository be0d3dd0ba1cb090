"""Whose page it is: every form's token carries the mark of the person for whom it was drawn.

The token against forged posts is signed by us. Its secret part ends with the mark, so that a form
that comes back after its session has ended, or under another person, still says whose it was.
"""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from flask import current_app, g, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer

SECRET = "csrf_token"  # noqa: S105 -- where Flask-WTF keeps the secret part, not a secret
SALT = "wtf-csrf-token"
SEPARATOR = "."
MARK_LENGTH = 20


def mark_of(person_id: UUID) -> str:
    """A name of the person that says nothing about them, and that only we can make."""
    return _derived("page-owner", person_id).hex()[:MARK_LENGTH]


def shadow_key(person_id: UUID) -> str:
    """The key with which this person's browser may keep text that was not sent yet, in base64."""
    return base64.b64encode(_derived("shadow-key", person_id)).decode()


def bind_forms(person_id: UUID, kept: str | None = None) -> None:
    """Have the forms of this browser carry the person's mark.

    ``kept`` is a secret of before: if it carries the same mark it stays, and so do open pages.
    """
    mark = mark_of(person_id)
    secret = kept or session.get(SECRET)
    if secret is None or _mark_in(secret) != mark:
        secret = f"{secrets.token_hex(20)}{SEPARATOR}{mark}"
        g.pop(SECRET, None)  # made earlier in this request from the secret that went
    if session.get(SECRET) != secret:  # a cookie that is not renewed cannot overwrite a newer one
        session[SECRET] = secret


def forms_secret() -> str | None:
    """The secret part of this browser's tokens."""
    return session.get(SECRET)


def fresh_token() -> str:
    """A token for the forms of a page that is open already."""
    return str(generate_csrf())


def owner_of(token: str | None) -> str | None:
    """The mark in a token that we made, whatever has become of its session; otherwise None."""
    serializer = URLSafeTimedSerializer(str(current_app.secret_key), salt=SALT)
    try:
        secret = serializer.loads(token or "")
    except BadData:
        return None
    return _mark_in(secret) if isinstance(secret, str) else None


def _mark_in(secret: str) -> str | None:
    return secret.partition(SEPARATOR)[2] or None


def _derived(purpose: str, person_id: UUID) -> bytes:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"{purpose}:{person_id}".encode(), hashlib.sha256).digest()
