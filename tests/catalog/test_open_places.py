"""Open places: what a return does not name keeps its value, whatever is posted."""

from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import answers, open_places, registry, samples
from catalog.open_places import OpenPlaces
from catalog.places import is_place, overlap

ON = date(2026, 9, 18)
THING = registry.catalogue().thing("business_start_up")
TYPED: dict[str, Any] = samples.business_start_up(district_code="620102-gx", on=ON, staff=1)
VALUES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["yes", "no", "rented", "none", "organisation", "2026-10-01"]),
    st.lists(st.text(max_size=4), max_size=2),
    st.none(),
    st.dictionaries(st.sampled_from(["year", "month", "day"]), st.text(max_size=4)),
)


def asked(typed: Any) -> frozenset[str]:
    return open_places.asked(THING, answers.read(THING, typed, on=ON))


def leaves(typed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for section in THING.sections:
        part = typed.get(section.code)
        lines = part if isinstance(part, list) else [part]
        for number, line in enumerate(lines):
            step = f".{number}" if section.repeat else ""
            for field in section.fields:
                value = line.get(field.code) if isinstance(line, dict) else None
                found[f"{section.code}{step}.{field.code}"] = value
    return found


PATHS = sorted({*leaves(TYPED), *(section.code for section in THING.sections)})


@st.composite
def postings(draw: st.DrawFn) -> dict[str, Any]:
    """Any typing of some sections: lines more or fewer, strange shapes, fields left out."""
    posted: dict[str, Any] = {}
    for section in draw(st.lists(st.sampled_from(THING.sections), min_size=1, max_size=4)):
        line = st.dictionaries(st.sampled_from([f.code for f in section.fields]), VALUES)
        shape = st.lists(line, max_size=3) if section.repeat else line
        posted[section.code] = draw(st.one_of(shape, st.text(max_size=3)))
    return posted


@settings(max_examples=60, deadline=None)
@given(named=st.sets(st.sampled_from(PATHS), max_size=4), posted=postings())
def test_no_posting_changes_an_answer_that_is_not_open(
    named: set[str], posted: dict[str, Any]
) -> None:
    places = open_places.opened(THING, named, TYPED, TYPED, ())
    before = deepcopy(TYPED)

    kept = open_places.merged(THING, places, TYPED, posted, asked)

    assert before == TYPED
    assert set(kept) == set(posted)
    after = TYPED | kept
    asked_now = asked(after) - asked(TYPED)
    free = OpenPlaces(places.paths | asked_now)
    locked = {path for path in leaves(TYPED) if not free.is_open(path)}
    old, new = leaves(TYPED), leaves(after)
    for path in locked:
        assert new[path] == old[path], path


def test_a_named_question_takes_what_is_posted_and_its_neighbours_do_not() -> None:
    places = OpenPlaces(frozenset({"address.detail"}))
    posted = {"address": {"detail": "302 室", "street": "别处"}}

    kept = open_places.merged(THING, places, TYPED, posted, asked)["address"]

    assert kept["detail"] == "302 室"
    assert kept["street"] == TYPED["address"]["street"]


def test_lines_come_and_go_only_if_the_whole_section_is_named() -> None:
    line = OpenPlaces(frozenset({"shareholders.0"}))
    whole = OpenPlaces(frozenset({"shareholders"}))
    posted = {"shareholders": [{"name": "李大明"}, {"name": "多出来"}, {"name": "又一个"}]}
    count = len(TYPED["shareholders"])

    in_line = open_places.merged(THING, line, TYPED, posted, asked)["shareholders"]
    in_whole = open_places.merged(THING, whole, TYPED, posted, asked)["shareholders"]

    assert len(in_line) == count
    assert in_line[0]["name"] == "李大明"
    assert len(in_whole) == 3


def test_a_question_that_only_the_change_calls_for_opens_with_it() -> None:
    typed = deepcopy(TYPED)
    typed["address"]["right_of_use"] = "owned"
    typed["address"].pop("lease_ends_on", None)
    places = OpenPlaces(frozenset({"address.right_of_use"}))
    day = {"year": "2030", "month": "1", "day": "1"}
    posted = {"address": {"right_of_use": "rented", "lease_ends_on": day, "detail": "别的"}}

    kept = open_places.merged(THING, places, typed, posted, asked)["address"]

    assert kept["right_of_use"] == "rented"
    assert kept["lease_ends_on"] == day
    assert kept["detail"] == typed["address"]["detail"]


def test_what_was_opened_and_changed_stays_open() -> None:
    now = deepcopy(TYPED)
    now["address"]["street"] = "改过的街道"

    places = open_places.opened(THING, {"address.detail"}, TYPED, now, {"capital.registered"})

    assert places.is_open("address.street")
    assert places.is_open("capital.registered")
    assert not places.is_open("address.region")
    assert places.has_open("capital")
    assert not places.has_open("term")


def test_places_are_sections_lines_questions_and_papers() -> None:
    paper = THING.materials[0].code
    good = ["address", "address.detail", "shareholders.0", "shareholders.1.name"]
    bad = ["", "address.0", "shareholders.name", "shareholders.999", "shareholders.01.name", "x.y"]

    assert all(is_place(THING, path) for path in [*good, f"materials.{paper}"])
    assert not any(is_place(THING, path) for path in [*bad, "materials", "materials.none.x"])
    assert overlap("address", "address.detail")
    assert not overlap("address.detail", "address.details")
