"""Accounts: who may be made, with which reach, invited once, disabled at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, RuleViolatedError
from models.definition import Maker
from models.person import Person
from services import account_names, demonstration, invitations, people, sign_in
from services.account_names import AccountKind
from services.passwords import Passwords, refusal
from services.people import NewPerson
from workflows.permissions import Grant, Role

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CHEAP = Passwords(memory_kibibytes=64, passes=1)
CLERK = Grant(role=Role.CLERK, district_code="620102-gx", department_code="tax")
ADMINISTRATOR = Grant(role=Role.ADMINISTRATOR)


def make(session: Session, account: str = "zhao.min", grant: Grant = CLERK) -> UUID:
    return people.create(session, NewPerson(account=account, name="赵敏", grants=(grant,)), AT)


@pytest.mark.parametrize(
    ("typed", "account", "kind"),
    [
        (" 138 0013 8000 ", "13800138000", AccountKind.MOBILE),
        ("+86 138-0013-8000", "13800138000", AccountKind.MOBILE),
        ("１３８００１３８０００", "13800138000", AccountKind.MOBILE),
        ("Wang@Example.CN", "wang@example.cn", AccountKind.EMAIL),
        ("zhao.min", "zhao.min", AccountKind.STAFF),
        ("12800138000", "12800138000", None),
        ("wang@example", "wang@example", None),
        ("@", "@", None),
        ("王", "王", None),
        ("", "", None),
        ("a" * 5000, "a" * 5000, None),
        ("zhao\x00min\u202e", "zhaomin", AccountKind.STAFF),
    ],
)
def test_an_account_has_one_spelling(typed: str, account: str, kind: AccountKind | None) -> None:
    assert account_names.normalise_account(typed) == account
    assert account_names.account_kind(account) is kind


def test_a_new_person_is_found_by_any_spelling_of_the_account(session: Session) -> None:
    made = people.create(session, NewPerson(account="138 0013 8000", name=" 王芳 ", grants=()), AT)

    found = people.find(session, "+8613800138000", AT)

    assert (found.id, found.name, found.has_password) == (made, "王芳", False)


def test_an_account_is_made_once(session: Session) -> None:
    make(session)

    with pytest.raises(RuleViolatedError) as refused:
        make(session, account="ZHAO.MIN")

    assert [problem.path for problem in refused.value.problems] == ["account"]


@pytest.mark.parametrize(
    ("grant", "paths"),
    [
        (Grant(role=Role.CLERK), ["district", "department"]),
        (replace(CLERK, department_code="weather"), ["department"]),
        (replace(CLERK, district_code="999999"), ["district"]),
        (replace(CLERK, maker_code="jincheng"), ["maker"]),
        (Grant(role=Role.SEAL_MAKER), ["maker"]),
        (Grant(role=Role.SEAL_MAKER, maker_code="nobody"), ["maker"]),
        (Grant(role=Role.AUDITOR, department_code="tax"), ["department"]),
        (Grant(role=Role.AUDITOR, district_code="620102-gx"), []),
        (ADMINISTRATOR, []),
        (CLERK, []),
    ],
)
def test_a_role_takes_the_reach_that_binds_it(
    session: Session, grant: Grant, paths: list[str]
) -> None:
    try:
        make(session, grant=grant)
        found = []
    except RuleViolatedError as refused:
        found = [problem.path for problem in refused.problems]

    assert found == paths


def test_a_seal_maker_works_for_a_maker_on_record(session: Session) -> None:
    session.add(
        Maker(
            code="test_maker",
            name={"zh": "测试刻章", "en": "Test seals"},
            address={"zh": "一号", "en": "No. 1"},
            phone="0931-0000000",
            district_codes=["620102-gx"],
            is_demonstration=True,
            recorded_at=AT,
        )
    )
    session.flush()

    grant = Grant(role=Role.SEAL_MAKER, maker_code="test_maker")
    person_id = make(session, grant=grant)

    assert people.get(session, person_id, AT).grants == (replace(grant, valid_from=AT),)


def test_grants_hold_in_their_time_only(session: Session) -> None:
    tomorrow = AT + timedelta(days=1)
    person_id = make(session, grant=replace(CLERK, valid_until=tomorrow))

    assert people.get(session, person_id, AT).grants
    assert not people.get(session, person_id, tomorrow).grants


def test_lists_tell_staff_from_applicants(session: Session) -> None:
    make(session)
    make(session, "wang@example.cn", Grant(role=Role.APPLICANT))

    staff = {line.account for line in people.everyone(session, AT, staff_only=True)}
    everyone = {line.account for line in people.everyone(session, AT)}

    assert "zhao.min" in staff
    assert "wang@example.cn" not in staff
    assert {"zhao.min", "wang@example.cn"} <= everyone


def test_a_list_of_staff_reads_no_applicants(session: Session) -> None:
    make(session)
    make(session, "wang@example.cn", Grant(role=Role.APPLICANT))
    session.flush()
    session.expunge_all()
    read: list[str] = []

    @event.listens_for(session, "loaded_as_persistent")
    def note(_session: Session, loaded: object) -> None:
        read.extend([loaded.account] if isinstance(loaded, Person) else [])

    people.everyone(session, AT, staff_only=True)

    assert "zhao.min" in read
    assert "wang@example.cn" not in read


def test_a_link_sets_the_password_once_and_signs_in(session: Session) -> None:
    link = invitations.invite(session, make(session), AT)
    token = invitations.accept(session, link.token, CHEAP.hash("correct horse"), AT)

    identity = sign_in.identify(session, token, AT, demonstration=False)

    assert identity is not None
    assert identity.account == "zhao.min"
    with pytest.raises(NotFoundError):
        invitations.accept(session, link.token, CHEAP.hash("another horse"), AT)


def test_a_link_expires_after_two_days(session: Session) -> None:
    link = invitations.invite(session, make(session), AT)

    assert invitations.look(session, link.token, AT + timedelta(hours=47, minutes=59)) is not None
    assert invitations.look(session, link.token, AT + timedelta(hours=48)) is None
    with pytest.raises(NotFoundError):
        invitations.accept(session, link.token, "hash", AT + timedelta(hours=48))


def test_a_newer_link_takes_the_place_of_the_older(session: Session) -> None:
    person_id = make(session)
    older = invitations.invite(session, person_id, AT)
    newer = invitations.invite(session, person_id, AT)

    assert invitations.look(session, older.token, AT) is None
    assert invitations.look(session, newer.token, AT) is not None


def test_a_link_is_stored_as_a_hash(session: Session) -> None:
    link = invitations.invite(session, make(session), AT)

    assert sign_in.token_hash(link.token) != link.token.encode()
    assert invitations.look(session, sign_in.token_hash(link.token).hex(), AT) is None


def test_disabling_ends_sessions_and_links_at_once(session: Session) -> None:
    person_id = make(session)
    token = sign_in.open_session(session, person_id, AT)
    link = invitations.invite(session, person_id, AT)

    people.disable(session, person_id, AT)

    assert sign_in.identify(session, token, AT, demonstration=False) is None
    assert invitations.look(session, link.token, AT) is None
    with pytest.raises(ConflictError):
        invitations.invite(session, person_id, AT)
    people.enable(session, person_id)
    assert sign_in.identify(session, token, AT, demonstration=False) is None
    assert invitations.invite(session, person_id, AT)


def test_administrators_cannot_lock_themselves_out(session: Session) -> None:
    person_id = make(session, grant=ADMINISTRATOR)

    with pytest.raises(ConflictError):
        people.disable(session, person_id, AT, by=person_id)


def test_an_unknown_person_is_not_found(session: Session) -> None:
    nobody = UUID(int=7)
    for act in (
        lambda: people.get(session, nobody, AT),
        lambda: people.find(session, "nobody", AT),
        lambda: people.disable(session, nobody, AT),
        lambda: people.enable(session, nobody),
        lambda: invitations.invite(session, nobody, AT),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_the_demonstration_people_are_made_once(session: Session) -> None:
    demonstration.load_people(session, AT)

    assert demonstration.load_people(session, AT) == 0
    marked = select(func.count()).select_from(Person).where(Person.is_demonstration)
    assert session.execute(marked).scalar_one() == len(demonstration.ACCOUNTS)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "1234567890",
        "9876543210",
        "aaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "Password123",
        "wang@example.cn",
        "wang@example.cn1",
        "x" * 201,
    ],
)
def test_poor_passwords_are_refused(password: str) -> None:
    assert refusal(password, "wang@example.cn") is not None


@pytest.mark.parametrize(
    "password", ["correct horse", "一窗办事真的很方便呀", "wang has a long one"]
)
def test_no_other_rules_for_passwords(password: str) -> None:
    assert refusal(password, "wang@example.cn") is None


def test_a_password_is_right_or_wrong() -> None:
    stored = CHEAP.hash("correct horse")

    assert CHEAP.check(stored, "correct horse").is_right
    assert not CHEAP.check(stored, "correct horse ").is_right
    assert not CHEAP.check(stored, "correct horse" * 1000).is_right
    assert not CHEAP.check(None, "nobody has this password").is_right
    assert not CHEAP.check("not a hash", "correct horse").is_right
