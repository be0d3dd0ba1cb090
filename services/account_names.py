"""How an account is called, and how names are spelt: one spelling for what looks the same."""

import re
import unicodedata
from enum import StrEnum

MOBILE = re.compile(r"1[3-9][0-9]{9}")
EMAIL = re.compile(r"[^@\s]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,24}")
STAFF_ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{2,39}")


class AccountKind(StrEnum):
    """What an account is called by."""

    MOBILE = "mobile"
    EMAIL = "email"
    STAFF = "staff"


def normalise_account(typed: str) -> str:
    """The one spelling of an account: half-width, lower case, no spaces, no +86.

    Characters that nobody can see are dropped, NUL among them, which the database refuses.
    """
    text = _visible("".join(unicodedata.normalize("NFKC", typed).split())).casefold()
    digits = text.removeprefix("+86").replace("-", "")
    return digits if MOBILE.fullmatch(digits) else text


def account_kind(account: str) -> AccountKind | None:
    """What a normalised account is; None if it is nothing we know."""
    if MOBILE.fullmatch(account):
        return AccountKind.MOBILE
    if EMAIL.fullmatch(account):
        return AccountKind.EMAIL
    return AccountKind.STAFF if STAFF_ACCOUNT.fullmatch(account) else None


def masked_account(account: str) -> str:
    """An account so that its owner knows it and nobody else learns it: 139****6543."""
    name, at, host = account.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{account[:3]}****{account[-4:]}" if MOBILE.fullmatch(account) else "****"


def normalise_name(typed: str) -> str:
    """A name without spaces around it and without characters that nobody can see."""
    return _visible(typed).strip()


def _visible(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
