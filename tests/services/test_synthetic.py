"""Synthetic lives: the plan adds up on any day, and everything in it can really happen."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog import answers, regions, registry
from catalog import synthetic_applications as applications
from catalog.synthetic_applications import Profile
from core.clock import CIVIL_ZONE
from core.errors import ConflictError
from models.case import Channel
from services import definitions, invitations, people, sign_in
from services.history import verify_chain
from services.passwords import Passwords
from services.sign_in import Entrance
from services.synthetic import cast, plan, player
from services.synthetic.outcomes import DELIVERED, Outcome
from services.synthetic.plan import Life
from services.synthetic.scenes import SCENES

ANCHOR = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
WHOLE = plan.plan(ANCHOR, plan.full_size())
CHEAP = Passwords(memory_kibibytes=64, passes=1)
CASES = """select /* across districts: a test */ district_code, id, state, origin, channel
from cases"""
STATES = "select distinct /* across districts: a test */ state from tasks"
days = st.datetimes(datetime(2025, 3, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def one_of_each() -> list[Life]:
    """A life of every outcome, and of every scene."""
    found: dict[tuple[Outcome, str | None], Life] = {}
    for life in WHOLE:
        found.setdefault((life.outcome, life.scene), life)
    return list(found.values())


@settings(max_examples=2, deadline=None)
@given(days)
def test_the_whole_plan_is_the_published_figure_on_any_day(anchor: datetime) -> None:
    lives = plan.plan(anchor, plan.full_size())

    found = plan.totals(lives)
    assert (found.entities, found.seals) == (2_191, 2_104 * 4 + 87 * 5)
    assert max(step.at for life in lives for step in life.steps) <= anchor
    assert min(life.at for life in lives) >= anchor - timedelta(days=370)


def test_the_same_anchor_and_number_are_the_same_plan() -> None:
    assert plan.plan(ANCHOR, 60) == plan.plan(ANCHOR, 60)


def test_a_share_of_the_plan_is_a_fair_one() -> None:
    tenth = plan.plan(ANCHOR, 253)

    delivered = Counter(life.outcome in DELIVERED for life in tenth)
    assert len(tenth) == 253
    assert 210 <= delivered[True] <= 225
    assert plan.totals(plan.plan(ANCHOR, 0)).cases == 0


def test_every_outcome_scene_district_maker_and_channel_is_in_the_plan() -> None:
    assert {life.outcome for life in WHOLE} == set(Outcome)
    assert {(life.scene, life.district_code) for life in WHOLE if life.scene} == {
        (scene, district) for scene in SCENES for district in registry.catalogue().districts
    }
    at_makers = {
        (life.district_code, life.maker_code)
        for life in WHOLE
        if life.scene in {"ordered", "coded", "engraved"}
    }
    assert len(at_makers) == 9
    assert {life.channel for life in WHOLE} == set(Channel)
    none_delivered = set(Outcome) - DELIVERED - {Outcome.OPEN}
    assert not any(life.is_delivered for life in WHOLE if life.outcome in none_delivered)


def test_the_25_minutes_are_met_by_some_and_not_by_all() -> None:
    took = []
    for life in WHOLE:
        at = {(step.trigger, step.item_code): step.at for step in life.steps}
        if ("deliver", "seals") in at:
            took.append(at["deliver", "seals"] - at["accept", None])
    quick = sum(each <= timedelta(minutes=25) for each in took)
    assert 0.2 < quick / len(took) < 0.7
    assert max(took) > timedelta(days=1)


def test_companies_are_many_and_nobody_of_them_exists() -> None:
    numbers = range(1, plan.full_size() + 1)
    names = [applications.trade_name(number) for number in numbers]
    persons = [
        person["resident_id"] for number in range(1, 200) for person in applications.people(number)
    ]

    assert len(set(names)) == len(names)
    assert not [name for name in names if regions.is_county_or_above(name)]
    assert len(set(persons)) == len(persons)
    assert {person[:6] for person in persons} == {regions.SYNTHETIC}


@pytest.mark.parametrize("staff", [0, 3])
def test_every_application_keeps_the_law(staff: int) -> None:
    catalogue = registry.catalogue()
    thing = catalogue.thing(player.THING)
    on = ANCHOR.astimezone(CIVIL_ZONE).date()
    for number, district in enumerate([*catalogue.districts.values()] * 6, 1):
        typed = applications.application(
            Profile(
                number=number,
                on=on,
                district=district,
                maker_code="hehai",
                seal_count=4 + number % 2,
                staff=staff,
                collection="window",
            )
        )
        reading = answers.read(thing, typed, on=on)
        assert not reading.problems
        assert not answers.check_rules(thing, reading.answers, on=on, district=district)


def test_every_kind_of_life_is_lived_through_the_services(session: Session) -> None:
    officers = cast.officers(session, ANCHOR)
    definition = definitions.current(session, player.THING)
    lives = one_of_each()

    for life in lives:
        player.play(session, officers, life, definition)

    rows = session.execute(text(CASES)).all()
    assert {row.origin for row in rows} == {"synthetic"}
    assert Counter(row.channel for row in rows) == Counter(life.channel.value for life in lives)
    assert {row.state for row in rows} == {
        *("draft", "submitted", "returned", "not_accepted", "in_progress"),
        *("completed", "partly_completed", "refused", "withdrawn"),
    }
    for row in rows:
        assert verify_chain(session, row.district_code, row.id).valid
    states = session.execute(text(STATES)).scalars()
    assert set(states) == {
        *("waiting", "pre_reviewed", "in_review", "approved", "refused", "cancelled", "withdrawn"),
        *("not_required", "ordered", "coded", "engraved", "delivered", "bounced", "filed"),
    }
    jobs = session.execute(text("select count(*) from procrastinate_jobs")).scalar_one()
    assert jobs == 0, "nobody reads the notices of synthetic applicants"
    cast.close(session, [applications.account(life.number) for life in lives], ANCHOR)
    _expect_nobody_to_sign_in(session)


def _expect_nobody_to_sign_in(session: Session) -> None:
    accounts = session.execute(
        text("select account, password_hash, disabled_at from people where account like 'synth%'")
    ).all()
    assert len(accounts) > 60
    assert not [row.account for row in accounts if row.password_hash or row.disabled_at is None]
    for demonstration in (True, False):
        entrance = Entrance(secret="s", passwords=CHEAP, demonstration=demonstration)  # noqa: S106
        for row in (accounts[0], accounts[-1]):
            candidate = sign_in.begin(session, entrance, row.account, None, ANCHOR)
            assert candidate.person_id is None
            assert not CHEAP.check(candidate.password_hash, "").is_right
    for row in (accounts[0], accounts[-1]):
        with pytest.raises(ConflictError):  # no link gives them a password
            invitations.invite(session, people.find(session, row.account, ANCHOR).id, ANCHOR)
        with pytest.raises(ConflictError):  # and no administrator opens them
            people.enable(session, people.find(session, row.account, ANCHOR).id)
    now = ANCHOR + timedelta(minutes=1)
    staff = people.everyone(session, now, staff_only=True)
    assert not [line.account for line in staff if line.account.startswith("synth")]
