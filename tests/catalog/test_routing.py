"""The one office that decides an item: a function of dated routes, whatever their order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from catalog.expressions import Facts
from catalog.routing import Course, NotListed, Office, choose, overlaps
from models.routing import ClockFrom, ResultsAt, Way

AT = datetime(2026, 9, 18, 2, tzinfo=UTC)
DISTRICTS = ("620102-gx", "620102", "620123")
ITEMS = ("tax", "housing_fund")
CONDITIONS = (None, 'bank.bank == "b"', "bank.unknown > 3")


def a_course(number: int = 1, **chosen: object) -> Course:
    """A route from the zone to Yuzhong for every item, but for what is chosen."""
    values: dict[str, object] = {
        "id": UUID(int=number),
        "mode_code": "in_the_city",
        "is_closed_list": False,
        "thing_code": "business_start_up",
        "item_code": None,
        "accepting_codes": ("620102-gx",),
        "partner": None,
        "condition": None,
        "condition_words": None,
        "deciding_code": "620123",
        "way": Way.ONLINE,
        "clock_from": ClockFrom.ACCEPTANCE,
        "results_at": ResultsAt.ACCEPTING,
        "recognises_licences": True,
        "valid_from": AT - timedelta(days=1),
        "valid_until": None,
        "recorded_at": AT - timedelta(days=2) + timedelta(minutes=number),
    }
    return Course(**(values | chosen))  # type: ignore[arg-type]


NOTHING_KNOWN = Facts({})


def test_without_a_route_a_district_decides_what_it_accepts() -> None:
    assert choose([], "tax", "620102", NOTHING_KNOWN, AT) == Office(district_code="620102")


def test_a_route_for_the_item_goes_before_one_for_all_items() -> None:
    general, special = a_course(1), a_course(2, item_code="tax", deciding_code="620102")

    for courses in ([general, special], [special, general]):
        found = choose(courses, "tax", "620102-gx", NOTHING_KNOWN, AT)
        assert found == Office(district_code="620102", course=special)
        other = choose(courses, "housing_fund", "620102-gx", NOTHING_KNOWN, AT)
        assert other == Office(district_code="620123", course=general)


def test_a_condition_reads_the_answers_and_counts_as_not_met_if_it_cannot_be_decided() -> None:
    courses = [a_course(1, condition='bank.bank == "b"')]

    for bank, expected in (("b", "620123"), ("a", "620102-gx"), (None, "620102-gx")):
        found = choose(courses, "tax", "620102-gx", Facts({"bank": {"bank": bank}}), AT)
        assert isinstance(found, Office)
        assert found.district_code == expected


def test_a_later_route_of_the_same_rank_takes_nothing_over() -> None:
    first, second = a_course(1), a_course(2, deciding_code="620102")

    assert choose([second, first], "tax", "620102-gx", NOTHING_KNOWN, AT) == Office(
        district_code="620123", course=first
    )


def test_a_route_holds_from_its_first_instant_until_just_before_its_last() -> None:
    course = a_course(1, valid_from=AT, valid_until=AT + timedelta(days=1))

    for after, expected in (
        (-1, "620102-gx"),
        (0, "620123"),
        (86399, "620123"),
        (86400, "620102-gx"),
    ):
        at = AT + timedelta(seconds=after)
        found = choose([course], "tax", "620102-gx", NOTHING_KNOWN, at)
        assert isinstance(found, Office)
        assert found.district_code == expected


def test_what_is_not_on_a_closed_list_is_not_taken_in() -> None:
    listed = a_course(1, item_code="tax", is_closed_list=True)

    assert isinstance(choose([listed], "tax", "620102-gx", NOTHING_KNOWN, AT), Office)
    assert choose([listed], "housing_fund", "620102-gx", NOTHING_KNOWN, AT) == NotListed(
        course=listed
    )
    assert isinstance(choose([listed], "housing_fund", "620102", NOTHING_KNOWN, AT), Office)


def test_routes_overlap_only_in_item_condition_window_and_time_together() -> None:
    course = a_course(1)

    assert overlaps(course, a_course(2, deciding_code="620102"))
    assert not overlaps(course, a_course(2, item_code="tax"))
    assert not overlaps(course, a_course(2, condition="true"))
    assert not overlaps(course, a_course(2, accepting_codes=("620102",)))
    assert not overlaps(a_course(1, valid_until=AT), a_course(2, valid_from=AT))


courses = st.lists(
    st.builds(
        a_course,
        st.integers(1, 10**6),
        item_code=st.sampled_from((None, *ITEMS)),
        accepting_codes=st.lists(st.sampled_from(DISTRICTS), min_size=1, unique=True).map(tuple),
        deciding_code=st.sampled_from(DISTRICTS),
        condition=st.sampled_from(CONDITIONS),
        is_closed_list=st.booleans(),
        valid_from=st.sampled_from((AT - timedelta(days=1), AT, AT + timedelta(days=1))),
        valid_until=st.sampled_from((None, AT, AT + timedelta(days=2))),
    ),
    max_size=8,
    unique_by=lambda course: course.id,
)


@given(courses, st.sampled_from(ITEMS), st.sampled_from(DISTRICTS), st.randoms())
def test_whatever_the_routes_and_their_order_there_is_one_office_or_a_list_that_says_no(
    found: list[Course], item: str, here: str, chance: object
) -> None:
    facts = Facts({"bank": {"bank": "b"}})
    first = choose(found, item, here, facts, AT)
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(shuffled, item, here, facts, AT) == first
    if isinstance(first, NotListed):
        assert first.course.is_closed_list
        assert here in first.course.accepting_codes
    elif first.course is None:
        assert first.district_code == here
    else:
        assert first.course.holds_at(AT)
        assert first.course.names(item)
        assert here in first.course.accepting_codes
        assert first.district_code == first.course.deciding_code
