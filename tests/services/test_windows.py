"""For which counties a window takes a one-thing in: its own, and those that routes lead to."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog import answers, demonstrations, registry
from catalog.schema import District, Field
from forms.choices import choices_of
from services import routing, routing_edits, windows
from tests.catalog.test_business_start_up import changed, messages
from tests.fixtures.world import DISTRICT, World
from tests.services.test_routing import OPERATOR

THING = registry.catalogue().thing("open_restaurant")
REGION: Field = next(each for each in THING.section("premises").fields if each.code == "region")
RULE = next(rule for rule in THING.rules if rule.code == "premises_in_district")


def window(session: Session, world: World, code: str = DISTRICT) -> District:
    return windows.window_of(session, THING, code, world.at)


def offered(district: District) -> list[str]:
    return [choice.value for choice in choices_of(district, (), "zh")(REGION)]


def refused(district: District, world: World, region: str) -> bool:
    """Whether the form says that premises in ``region`` cannot be handed in here."""
    typed = demonstrations.typed("open_restaurant", on=world.at.date())
    read = answers.read(THING, changed(typed, {"premises.region": region}), on=world.at.date())
    broken = answers.check_rules(
        THING, read.answers, on=world.at.date(), district=district, known=read.problems
    )
    return bool(messages(list(broken), RULE))


def test_what_a_window_offers_follows_the_routes_and_nothing_else(world: World) -> None:
    with world.database.transaction() as session:
        here, there = window(session, world), window(session, world, "620123")
        assert (offered(here), offered(there)) == (["620102", "620123"], ["620123", "620102"])
        assert not refused(here, world, "620123")
        assert refused(here, world, "620104")
        [to_yuzhong] = [
            course
            for course in routing.table(session, THING.code).courses
            if DISTRICT in course.accepting_codes
        ]
        routing_edits.end(session, OPERATOR, to_yuzhong.id, world.at, world.at)
    with world.database.transaction() as session:
        here = window(session, world)
        assert offered(here) == ["620102"]
        assert refused(here, world, "620123")
        before = windows.window_of(session, THING, DISTRICT, world.at - timedelta(minutes=1))
        assert offered(before) == ["620102", "620123"]


@pytest.mark.parametrize("code", ["620102", "620123"])
def test_a_form_that_does_not_ask_reads_no_routes(code: str) -> None:
    """Opening a company knows its own county alone, so nothing is read for it."""

    def never() -> routing.Table:
        raise AssertionError("routes were read")

    thing = registry.catalogue().thing("business_start_up")
    found = windows.window_by(thing, code, never, World.at)
    assert found.served_regions == (code,)
