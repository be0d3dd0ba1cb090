"""Applicants make their own accounts; nobody has to let them in."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Problem
from services import attempts, people, sign_in
from services.people import NewPerson
from services.sign_in import Entrance
from workflows.permissions import Grant, Role

APPLICANT_GRANTS = (Grant(role=Role.APPLICANT),)


def problems(account: str, name: str, password: str, again: str) -> tuple[Problem, ...]:
    """Everything to mend that can be said without asking whether the account exists."""
    return (
        *people.sign_up_problems(account, name),
        *sign_in.new_password_problems(password, again, account),
    )


def begin(session: Session, entrance: Entrance, address: str | None, at: datetime) -> None:
    """Count an attempt to sign up. Raises `TooManyAttemptsError`.

    It is never given back: it bounds how many accounts one address makes, and how many it can find
    out to exist.
    """
    network = attempts.network_of(address)
    meter = attempts.meter(attempts.SIGN_UP_ADDRESS, network, entrance.secret)
    attempts.reserve(session, (meter,), at)


def complete(session: Session, new: NewPerson, at: datetime) -> str:
    """Make the account and sign its owner in; the session's token.

    Raises `RuleViolatedError` with a problem at ``account`` if it exists already.
    """
    return sign_in.open_session(session, people.create(session, new, at), at)
