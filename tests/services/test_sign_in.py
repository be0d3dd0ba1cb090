"""Signing in: one sentence for every failure, sessions that end when they should."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from core.errors import RuleViolatedError, TooManyAttemptsError
from models.attempt import Attempt
from models.person import Person
from models.sign_in import SignInSession
from services import people, sign_in, sign_up
from services.passwords import Passwords
from services.people import NewPerson
from services.sign_in import Entrance, Identity
from workflows.permissions import Grant, Role

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CHEAP = Passwords(memory_kibibytes=64, passes=1)
SECRET = "known to all"  # noqa: S105 -- of the tests
ENTRANCE = Entrance(secret=SECRET, passwords=CHEAP, demonstration=False)
PASSWORD = "correct horse"  # noqa: S105 -- of people who live for one test
CLERK = Grant(role=Role.CLERK, district_code="620102-gx", department_code="tax")


def make(
    session: Session, account: str = "wang@example.cn", *, is_demonstration: bool = False
) -> UUID:
    role = Grant(role=Role.APPLICANT) if "@" in account else CLERK
    return people.create(
        session,
        NewPerson(
            account=account,
            name="王芳",
            grants=(role,),
            password_hash=CHEAP.hash(PASSWORD),
            is_demonstration=is_demonstration,
        ),
        AT,
    )


def enter(
    session: Session,
    password: str = PASSWORD,
    *,
    account: str = "wang@example.cn",
    at: datetime = AT,
) -> str | None:
    candidate = sign_in.begin(session, ENTRANCE, account, "192.0.2.7", at)
    checked = CHEAP.check(candidate.password_hash, password)
    return sign_in.complete(session, ENTRANCE, candidate, checked, at)


def identify(session: Session, token: str, at: datetime = AT) -> Identity | None:
    return sign_in.identify(session, token, at, demonstration=False)


def test_the_right_password_opens_a_session(session: Session) -> None:
    person_id = make(session)

    token = enter(session, account=" Wang@Example.cn ")

    assert token is not None
    identity = identify(session, token)
    assert identity is not None
    assert (identity.person_id, identity.name) == (person_id, "王芳")
    assert identity.actor.has_role(Role.APPLICANT)


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("wang@example.cn", "wrong horse"),
        ("nobody@example.cn", PASSWORD),
        ("", ""),
        ("\x00", "\x00"),
    ],
)
def test_anything_else_does_not(session: Session, account: str, password: str) -> None:
    make(session)

    assert enter(session, password, account=account) is None


def test_somebody_invited_without_a_password_cannot_sign_in(session: Session) -> None:
    people.create(session, NewPerson(account="zhao.min", name="赵敏", grants=(CLERK,)), AT)

    assert enter(session, "", account="zhao.min") is None


def test_a_demonstration_account_is_nobody_in_production(session: Session) -> None:
    make(session, is_demonstration=True)
    open_to_all = Entrance(secret=SECRET, passwords=CHEAP, demonstration=True)

    assert enter(session) is None
    candidate = sign_in.begin(session, open_to_all, "wang@example.cn", None, AT)
    checked = CHEAP.check(candidate.password_hash, PASSWORD)
    token = sign_in.complete(session, open_to_all, candidate, checked, AT)
    assert token is not None
    assert sign_in.identify(session, token, AT, demonstration=True) is not None
    assert sign_in.identify(session, token, AT, demonstration=False) is None


def test_ten_wrong_passwords_close_the_account_for_a_while(session: Session) -> None:
    make(session)
    for _ in range(10):
        assert enter(session, "wrong horse") is None

    with pytest.raises(TooManyAttemptsError) as refused:
        enter(session)

    assert refused.value.wait_seconds == 15 * 60
    assert enter(session, at=AT + timedelta(minutes=15)) is not None


def test_unknown_accounts_close_just_the_same(session: Session) -> None:
    for _ in range(10):
        enter(session, account="nobody@example.cn")

    with pytest.raises(TooManyAttemptsError):
        enter(session, account="nobody@example.cn")


def test_one_address_cannot_try_many_accounts(session: Session) -> None:
    for number in range(60):
        enter(session, account=f"nobody{number}@example.cn")

    with pytest.raises(TooManyAttemptsError):
        enter(session, account="wang@example.cn")


def test_success_forgets_the_failures_of_the_account(session: Session) -> None:
    make(session)
    for _ in range(3):
        for _ in range(9):
            enter(session, "wrong horse")
        assert enter(session) is not None

    rows = session.execute(select(Attempt.kind)).scalars().all()
    assert set(rows) == {"sign_in_address"}
    assert len(rows) == 27


def test_success_never_fills_the_address(session: Session) -> None:
    make(session)

    assert all(enter(session) for _ in range(70))


@pytest.mark.parametrize(("account", "minutes"), [("zhao.min", 30), ("wang@example.cn", 120)])
def test_a_session_ends_when_it_idles(session: Session, account: str, minutes: int) -> None:
    token = sign_in.open_session(session, make(session, account), AT)

    just_before = AT + timedelta(minutes=minutes, seconds=-1)
    assert identify(session, token, just_before) is not None
    assert identify(session, token, just_before + timedelta(minutes=minutes)) is None


def test_a_busy_session_ends_after_twelve_hours(session: Session) -> None:
    token = sign_in.open_session(session, make(session), AT)
    for hour in range(12):
        assert identify(session, token, AT + timedelta(hours=hour)) is not None

    assert identify(session, token, AT + timedelta(hours=12)) is None


def test_the_last_request_is_written_once_a_minute(session: Session) -> None:
    token = sign_in.open_session(session, make(session), AT)
    seen = []
    for seconds in (10, 59, 60, 100, 120):
        identify(session, token, AT + timedelta(seconds=seconds))
        session.expire_all()
        row = session.execute(select(SignInSession)).scalar_one()
        seen.append(int((row.seen_at - AT).total_seconds()))

    assert seen == [0, 0, 60, 60, 120]


def test_a_request_costs_one_query(session: Session) -> None:
    token = sign_in.open_session(session, make(session), AT)
    session.expire_all()
    statements = recorded(session, lambda: identify(session, token))

    assert len(statements) == 1


def recorded(session: Session, act: Callable[[], object]) -> list[str]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    assert isinstance(engine, Engine)
    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return statements


def test_the_token_itself_is_not_stored(session: Session) -> None:
    token = sign_in.open_session(session, make(session), AT)

    row = session.execute(select(SignInSession)).scalar_one()

    assert len(token) >= 43
    assert bytes(row.token_hash) == sign_in.token_hash(token)
    assert identify(session, token + "x") is None


def test_signing_out_ends_one_session(session: Session) -> None:
    person_id = make(session)
    first, second = (sign_in.open_session(session, person_id, AT) for _ in range(2))
    identity = identify(session, first)
    assert identity is not None

    sign_in.sign_out(session, identity.session_id, AT)

    assert identify(session, first) is None
    assert identify(session, second) is not None


def test_signing_out_everywhere_ends_all(session: Session) -> None:
    person_id = make(session)
    tokens = [sign_in.open_session(session, person_id, AT) for _ in range(3)]
    neighbour = sign_in.open_session(session, make(session, "li@example.cn"), AT)

    assert sign_in.sign_out_everywhere(session, person_id, AT) == 3
    assert [identify(session, token) for token in tokens] == [None, None, None]
    assert identify(session, neighbour) is not None


def test_a_new_password_ends_the_other_sessions(session: Session) -> None:
    person_id = make(session)
    kept, ended = (sign_in.open_session(session, person_id, AT) for _ in range(2))
    identity = identify(session, kept)
    assert identity is not None

    candidate = sign_in.begin_password_change(session, ENTRANCE, identity, AT)
    new_hash = CHEAP.hash("another horse")
    assert sign_in.change_password(session, candidate, new_hash, identity.session_id, AT) == 1

    assert identify(session, kept) is not None
    assert identify(session, ended) is None
    assert enter(session) is None
    assert enter(session, "another horse") is not None
    with pytest.raises(RuleViolatedError):
        sign_in.change_password(session, candidate, new_hash, identity.session_id, AT)


def test_the_present_password_cannot_be_guessed_from_a_stolen_session(session: Session) -> None:
    identity = identify(session, sign_in.open_session(session, make(session), AT))
    assert identity is not None
    for _ in range(10):
        sign_in.begin_password_change(session, ENTRANCE, identity, AT)

    with pytest.raises(TooManyAttemptsError):
        sign_in.begin_password_change(session, ENTRANCE, identity, AT)


def test_sessions_are_listed_while_they_live(session: Session) -> None:
    person_id = make(session, "zhao.min")
    sign_in.open_session(session, person_id, AT)
    at = AT + timedelta(minutes=31)
    identity = identify(session, sign_in.open_session(session, person_id, at), at)
    assert identity is not None

    assert [line.id for line in sign_in.sessions_of(session, identity, at)] == [identity.session_id]


def test_sessions_past_their_life_are_forgotten(session: Session) -> None:
    sign_in.open_session(session, make(session), AT)

    assert sign_in.forget_ended(session, AT + timedelta(hours=35)) == 0
    assert sign_in.forget_ended(session, AT + timedelta(hours=36)) == 1


def test_a_password_changed_during_the_check_does_not_let_in(session: Session) -> None:
    person_id = make(session)
    candidate = sign_in.begin(session, ENTRANCE, "wang@example.cn", None, AT)
    checked = CHEAP.check(candidate.password_hash, PASSWORD)
    person = session.get_one(Person, person_id)
    person.password_hash = CHEAP.hash("another horse")

    assert sign_in.complete(session, ENTRANCE, candidate, checked, AT) is None


def test_a_hash_is_renewed_when_parameters_change(session: Session) -> None:
    person_id = make(session)
    stronger = Entrance(secret=SECRET, passwords=Passwords(128, 2), demonstration=False)
    candidate = sign_in.begin(session, stronger, "wang@example.cn", None, AT)
    checked = stronger.passwords.check(candidate.password_hash, PASSWORD)

    assert sign_in.complete(session, stronger, candidate, checked, AT)

    stored = session.get_one(Person, person_id).password_hash
    assert stored is not None
    assert "m=128,t=2" in stored


def test_applicants_sign_up_by_themselves(session: Session) -> None:
    sign_up.begin(session, ENTRANCE, "192.0.2.7", AT)
    new = NewPerson(
        account="13800138000",
        name="李雷",
        grants=sign_up.APPLICANT_GRANTS,
        password_hash=CHEAP.hash(PASSWORD),
    )

    identity = identify(session, sign_up.complete(session, new, AT))

    assert identity is not None
    assert [grant.role for grant in identity.grants] == [Role.APPLICANT]
    with pytest.raises(RuleViolatedError):
        sign_up.complete(session, new, AT)


def test_one_address_makes_thirty_accounts_an_hour_at_most(session: Session) -> None:
    for _ in range(30):
        sign_up.begin(session, ENTRANCE, "2001:db8::1", AT)

    with pytest.raises(TooManyAttemptsError):
        sign_up.begin(session, ENTRANCE, "2001:db8::2", AT)


@pytest.mark.parametrize(
    ("account", "name", "password", "again", "paths"),
    [
        ("13800138000", "李雷", PASSWORD, PASSWORD, []),
        ("zhao.min", "李雷", PASSWORD, PASSWORD, ["account"]),
        ("", " ", "short", "short", ["account", "name", "password"]),
        ("13800138000", "李" * 101, PASSWORD, "other horse", ["name", "again"]),
        ("13800138000", "李雷", "13800138000", "13800138000", ["password"]),
    ],
)
def test_sign_up_names_every_mistake(
    account: str, name: str, password: str, again: str, paths: list[str]
) -> None:
    found = sign_up.problems(account, name, password, again)

    assert [problem.path for problem in found] == paths
