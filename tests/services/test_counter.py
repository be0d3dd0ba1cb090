"""The window: cases begun for visitors, whose they are, and who may see them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from catalog import samples
from core.database import Database
from core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    RuleViolatedError,
)
from services import (
    case_files,
    cases,
    counter,
    history,
    invitations,
    people,
    receipts,
    slips,
    verification,
    withdrawals,
)
from services.cases import CaseKey
from services.counter import NewVisit
from services.counter_visits import Visitor
from services.door import PlaceToMend
from services.people import NewPerson
from services.progress import progress
from services.queue import TaskKey
from services.sign_up import APPLICANT_GRANTS
from tests.fixtures.world import DISTRICT, THING, World, clerk_of
from workflows.permissions import Actor, Grant, Role

PHONE = "13919876543"


def window_officer(
    database: Database, account: str = "desk-one", district: str = DISTRICT
) -> Actor:
    """An officer of a window who is in the database, as those who begin cases must be."""
    grant = Grant(role=Role.WINDOW, district_code=district)
    with database.transaction() as session:
        new = NewPerson(account=account, name="窗口甲", grants=(grant,))
        person_id = people.create(session, new, World(database).at)
    return Actor(id=person_id, name="窗口甲", grants=(grant,))


def visit(account: str = PHONE, district: str = DISTRICT, **more: str) -> NewVisit:
    visitor = Visitor(applicant_name="王小明", document_kind="resident_id_card", **more)
    return NewVisit(
        id=uuid4(), thing_code=THING, district_code=district, account=account, visitor=visitor
    )


def begin(world: World, officer: Actor, new: NewVisit) -> CaseKey:
    with world.database.transaction() as session:
        return counter.start(session, officer, new, world.tick())


def fill_in(world: World, actor: Actor, key: CaseKey) -> None:
    typed = samples.business_start_up(district_code=key.district_code, on=world.at.date())
    with world.database.transaction() as session:
        cases.save_sections(session, actor, key, typed, world.tick())


def submit(world: World, officer: Actor, key: CaseKey, *, is_confirmed: bool = True) -> None:
    with world.database.transaction() as session:
        command_id = cases.draft(session, officer, key).submission_id
        if is_confirmed:
            counter.confirm(session, officer, key, command_id)
        cases.submit(session, officer, key, command_id, world.tick())


@pytest.fixture
def officer(database: Database) -> Actor:
    return window_officer(database)


def test_a_visitors_case_belongs_to_the_visitor_and_says_who_took_it_in(
    world: World, officer: Actor
) -> None:
    key = begin(world, officer, visit(agent_name="李雷", agent_relation="配偶"))

    fill_in(world, officer, key)
    submit(world, officer, key)

    with world.database.transaction() as session:
        person = people.find(session, PHONE, world.at)
        applicant = Actor(id=person.id, name=person.name, grants=person.grants)
        seen = progress(session, applicant, key.district_code, key.case_id, world.at)
        assert (seen.standing.is_window, seen.standing.officer_name) == (True, "窗口甲")
        assert seen.standing.guest is None
        [submitted] = history.history(session, key.district_code, key.case_id)
        assert submitted.actor_name.zh == "窗口甲"
        assert submitted.is_at_window
        assert verification.verify_chain(session, key.district_code, key.case_id).valid
    body = world.value(
        "select body from events where district_code = :district_code and case_id = :case_id", key
    )
    assert (body["channel"], body["taken_by"]) == ("window", str(officer.id))
    words = world.value(
        "select content from event_texts"
        " where district_code = :district_code and case_id = :case_id",
        key,
    )
    assert words["inputs"]["applicant_confirmed"] is True
    assert words["inputs"]["agent_name"] == "李雷"
    assert "李雷" not in str(body)
    assert PHONE not in str(body)


def test_the_accepting_clerk_sees_who_came_with_which_paper(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit(agent_name="李雷", agent_relation="配偶"))
    fill_in(world, officer, key)
    submit(world, officer, key)

    with world.database.transaction() as session:
        task = TaskKey(key=key, item_code="registration")
        file = case_files.open_file(session, clerk_of("market_regulation"), task, world.at)

    assert file.taken_in
    assert file.taken_in.officer_name == "窗口甲"
    assert file.taken_in.visit
    assert file.taken_in.visit.visitor.agent_name == "李雷"


def test_a_channel_that_was_changed_afterwards_is_found(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit())
    fill_in(world, officer, key)
    submit(world, officer, key)
    with world.database.transaction() as session:
        session.execute(
            text(
                "update cases set channel = 'online', taken_by = null"
                " where district_code = :district_code and id = :case_id"
            ),
            {"district_code": key.district_code, "case_id": key.case_id},
        )

    with world.database.transaction() as session:
        report = verification.verify_chain(session, key.district_code, key.case_id)

    assert [finding.sentence for finding in report.findings] == [verification.WRONG_CHANNEL]


def test_an_officer_submits_only_what_the_applicant_has_signed(
    world: World, officer: Actor
) -> None:
    key = begin(world, officer, visit())
    fill_in(world, officer, key)

    with pytest.raises(RuleViolatedError) as refusal:
        submit(world, officer, key, is_confirmed=False)

    assert [problem.path for problem in refusal.value.problems] == ["confirmed"]
    assert world.state(key) == "draft"


def test_a_signature_under_an_older_version_does_not_count(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit())
    fill_in(world, officer, key)
    submit(world, officer, key)
    place = PlaceToMend(path="company.trade_name", reason="请改")
    world.act(clerk_of("market_regulation"), key, "return", places=(place,))

    with pytest.raises(RuleViolatedError):
        submit(world, officer, key, is_confirmed=False)

    submit(world, officer, key)
    assert world.state(key) == "submitted"


def test_pressed_twice_it_is_one_case_and_one_account(world: World, officer: Actor) -> None:
    new = visit()

    with ThreadPoolExecutor(max_workers=4) as pool:
        keys = set(pool.map(lambda _: begin(world, officer, new), range(4)))

    assert len(keys) == 1


def test_an_account_that_exists_is_used_and_nothing_of_it_is_told(
    world: World, officer: Actor
) -> None:
    with world.database.transaction() as session:
        theirs = NewPerson(
            account=PHONE,
            name="王大明",
            grants=APPLICANT_GRANTS,
            password_hash="x",  # noqa: S106
        )
        person_id = people.create(session, theirs, world.tick())
    other = world.draft()

    key = begin(world, officer, visit())

    with world.database.transaction() as session:
        assert people.find(session, PHONE, world.at).name == "王大明"
        lines = counter.search(session, officer, PHONE, world.at)
        assert [line.key for line in lines] == [key]
        assert (lines[0].applicant_name, lines[0].account) == ("王小明", "139****6543")
        assert "王大明" not in repr(slips.slip(session, officer, key))
        with pytest.raises(ConflictError):
            slips.invite(session, officer, key, world.at)
        with pytest.raises(NotFoundError):
            cases.draft(session, officer, other)
    assert str(person_id) == str(
        world.value(
            "select applicant_id from cases where district_code = :district_code and id = :case_id",
            key,
        )
    )


@pytest.mark.parametrize(
    ("grants", "is_disabled"),
    [((Grant(role=Role.AUDITOR),), False), (APPLICANT_GRANTS, True)],
)
def test_staff_and_closed_accounts_cannot_be_applicants(
    world: World, officer: Actor, grants: tuple[Grant, ...], is_disabled: bool
) -> None:
    with world.database.transaction() as session:
        new = NewPerson(account=PHONE, name="韩梅梅", grants=grants)
        person_id = people.create(session, new, world.tick())
        if is_disabled:
            people.disable(session, person_id, world.tick())

    with pytest.raises(RuleViolatedError) as refusal:
        begin(world, officer, visit())

    assert [problem.sentence for problem in refusal.value.problems] == [counter.NOT_FOR_STAFF]


def test_what_is_typed_wrong_is_told_beside_its_field(world: World, officer: Actor) -> None:
    new = visit(account="123", agent_name="李雷")
    new = replace(new, visitor=replace(new.visitor, applicant_name=" ", document_kind="?"))

    with pytest.raises(RuleViolatedError) as refusal:
        begin(world, officer, new)

    paths = {problem.path for problem in refusal.value.problems}
    assert paths == {"account", "name", "document_kind", "agent_relation"}


def test_only_the_window_of_the_district_sees_the_case(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit())
    elsewhere = window_officer(world.database, "desk-two", "620123")
    clerk = clerk_of("market_regulation")

    with world.database.transaction() as session:
        assert [line.key for line in counter.desk(session, officer, world.at)] == [key]
        assert counter.desk(session, elsewhere, world.at) == []
        assert counter.search(session, elsewhere, PHONE, world.at) == []
        for stranger in (elsewhere, clerk, world.applicant):
            with pytest.raises(NotFoundError):
                cases.draft(session, stranger, key)
            with pytest.raises(NotFoundError):
                slips.slip(session, stranger, key)
    with pytest.raises(NotPermittedError):
        begin(world, elsewhere, visit())


def test_a_draft_left_alone_for_a_month_is_found_but_not_listed(
    world: World, officer: Actor
) -> None:
    key = begin(world, officer, visit())
    later = world.at + counter.LISTED_FOR + timedelta(minutes=1)

    with world.database.transaction() as session:
        assert counter.desk(session, officer, later) == []
        assert [line.key for line in counter.search(session, officer, PHONE, later)] == [key]


def test_online_cases_do_not_exist_for_the_window(
    world: World, officer: Actor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draft, submitted = world.draft(), world.submitted()
    signer = receipts.signer(tmp_path_factory.mktemp("keys"), may_create=True)

    with world.database.transaction() as session:
        assert counter.desk(session, officer, world.at) == []
        for key in (draft, submitted):
            with pytest.raises(NotFoundError):
                progress(session, officer, key.district_code, key.case_id, world.at)
            with pytest.raises(NotFoundError):
                receipts.receipt(session, officer, key, signer)


def test_what_is_the_applicants_alone_is_not_the_windows(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit())
    fill_in(world, officer, key)
    submit(world, officer, key)
    registrar = clerk_of("market_regulation")
    world.act(registrar, key, "accept")
    world.act(registrar, key, "approve", "registration")

    with world.database.transaction() as session:
        person = people.find(session, PHONE, world.at)
        applicant = Actor(id=person.id, name=person.name, grants=person.grants)
        theirs = progress(session, applicant, key.district_code, key.case_id, world.at)
        seen = progress(session, officer, key.district_code, key.case_id, world.at)
        with pytest.raises(NotFoundError):
            withdrawals.prospect(session, officer, key, world.at)

    assert theirs.delivery
    assert theirs.delivery.code
    assert seen.delivery
    assert seen.delivery.code is None
    assert (theirs.can_withdraw, seen.can_withdraw) == (True, False)
    assert not any(part.can_withdraw for part in seen.parts)


def test_officers_are_not_their_own_applicants(world: World, officer: Actor) -> None:
    both = replace(officer, grants=(*officer.grants, *APPLICANT_GRANTS))
    with world.database.transaction() as session:
        session.execute(
            text("update people set account = :account where id = :id"),
            {"account": PHONE, "id": officer.id},
        )

    with pytest.raises(RuleViolatedError):
        begin(world, both, visit())


def test_the_link_on_the_slip_sets_the_first_password_once(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit())
    with world.database.transaction() as session:
        first = slips.invite(session, officer, key, world.tick())
        second = slips.invite(session, officer, key, world.tick())

    with world.database.transaction() as session:
        assert invitations.look(session, first.token, world.at) is None
        invitations.accept(session, second.token, "hash", world.tick())
    with world.database.transaction() as session:
        assert slips.slip(session, officer, key).has_password
        with pytest.raises(ConflictError):
            slips.invite(session, officer, key, world.tick())
        with pytest.raises(ConflictError):
            slips.revoke(session, officer, key, world.tick())


def test_the_link_of_a_lost_slip_is_revoked(world: World, officer: Actor) -> None:
    key = begin(world, officer, visit())
    with world.database.transaction() as session:
        link = slips.invite(session, officer, key, world.tick())
        slips.revoke(session, officer, key, world.tick())

        assert invitations.look(session, link.token, world.at) is None


def test_no_window_opens_the_cases_of_another_by_way_of_an_account(
    world: World, database: Database
) -> None:
    here, there = window_officer(database), window_officer(database, "desk-two", "620123")
    first = begin(world, here, visit())
    with database.transaction() as session:
        assert slips.invite(session, here, first, world.tick())
    second = begin(world, there, visit(district="620123"))

    for officer, key in ((there, second), (here, first)):
        with database.transaction() as session, pytest.raises(ConflictError) as refused:
            slips.invite(session, officer, key, world.tick())
        assert refused.value.sentence == slips.HAS_OTHER_CASES


def test_what_was_set_aside_is_read_by_its_applicant_alone(
    world: World, database: Database
) -> None:
    officer, registrar = window_officer(database), clerk_of("market_regulation")
    key = begin(world, officer, visit())
    fill_in(world, officer, key)
    submit(world, officer, key)
    place = PlaceToMend(path="address.detail", reason="缺房号")
    world.act(registrar, key, "return", places=(place,))
    with database.transaction() as session:
        typed = dict(cases.draft(session, officer, key).typed)["address"]
        posted = {"address": {**typed, "detail": "雁园路 9 号 999 室"}}
        cases.save_sections(session, officer, key, posted, world.tick())
    world.act(registrar, key, "revoke_return", reason="看错了")

    owner = "select applicant_id from cases where district_code = :district_code and id = :case_id"
    applicant = Actor(id=world.value(owner, key), name="", grants=APPLICANT_GRANTS)
    with database.transaction() as session:
        seen = [
            progress(session, who, key.district_code, key.case_id, world.at).set_aside
            for who in (applicant, officer)
        ]
    assert [fact.value.zh for fact in seen[0]] == ["雁园路 9 号 999 室"]
    assert seen[1] == ()
