"""The times of many cases at once are those of each case, and leave nobody out."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.clock import CIVIL_ZONE
from models.case import Channel, Origin
from services import calendars, definitions, timeline, times
from services.case_measures import ENDED, NEVER_SENT, Missing, Outcome
from services.case_scope import CaseFilters
from services.time_spread import Spread
from services.timeline import Timeline
from services.times import EDGES_MINUTES, GOAL, CaseFigures, OriginTimes, TimesReport
from tests.fixtures.world import DISTRICT, THING, World
from workflows.clocks import ClockEvent, ClockEventKind, due
from workflows.process import StateKind

REASONS = {
    Missing.WITHDRAWN: timeline.WITHDRAWN,
    Missing.CANCELLED: timeline.CANCELLED,
    Missing.NOT_ACCEPTED: timeline.NOT_ACCEPTED,
    Missing.NOT_GRANTED: timeline.NOT_GRANTED,
    Missing.NOT_FINISHED: timeline.NOT_FINISHED,
}


@dataclass
class OneTask:
    """One item of a case that had to be done, as its row and its definition have it."""

    item_code: str
    department_code: str
    kind: StateKind
    started_at: datetime | None
    ended_at: datetime | None
    """When its clock ended: the seals' with their delivery."""
    due_at: datetime | None
    legal_due_at: datetime | None


@dataclass
class OneCase:
    """One case, asked for alone."""

    row: Any
    times: Timeline
    tasks: list[OneTask]
    at: datetime

    @property
    def day(self) -> date:
        found: datetime = self.row.submitted_at or self.row.created_at
        return found.astimezone(CIVIL_ZONE).date()

    @property
    def outcome(self) -> Outcome:
        if self.row.state == "draft" and self.row.saved_at < self.at - timedelta(days=30):
            return Outcome.DRAFT_GIVEN_UP
        today = self.at.astimezone(CIVIL_ZONE).date()
        if self.row.state == "returned" and self.row.resubmission_due_on < today:
            return Outcome.RETURNED_LATE
        return Outcome(self.row.state)

    @property
    def is_sent(self) -> bool:
        return self.outcome not in NEVER_SENT

    @property
    def to_end(self) -> timedelta:
        ended_at: datetime = self.row.ended_at or self.at
        opened_at: datetime = self.row.opened_at
        return ended_at - opened_at

    @property
    def is_late(self) -> bool:
        return any(task.due_at and (task.ended_at or self.at) > task.due_at for task in self.tasks)

    @property
    def is_on_time(self) -> bool:
        has_clock = any(task.due_at for task in self.tasks)
        is_decided = self.row.ended_at is not None and self.row.end_act is None
        return is_decided and has_clock and not self.is_late


@pytest.fixture(scope="module")
def known(timed_world: World) -> list[OneCase]:
    """Every case, one after the other, through the service that shows a single one."""
    with timed_world.database.transaction() as session:
        calendar = calendars.current(session)
        rows = session.execute(
            text(
                "select c.*, a.updated_at as saved_at /* across districts: test */ from cases c"
                " join case_answers a on a.district_code = c.district_code and a.case_id = c.id"
            )
        ).all()
        tasks = session.execute(text("select * /* across districts: test */ from tasks")).all()
        found = []
        for row in rows:
            definition = definitions.by_hash(session, row.definition_hash)
            own = []
            for task in tasks:
                if task.case_id != row.id or task.state == "not_required":
                    continue
                item = definition.thing.item(task.item_code)
                limit = item.statutory_limit
                own.append(
                    OneTask(
                        item_code=task.item_code,
                        department_code=task.department_code,
                        kind=definition.engine_of(item).state(task.state).kind,
                        started_at=task.started_at,
                        ended_at=task.limits_met_at or task.ended_at,
                        due_at=task.due_at,
                        legal_due_at=due(
                            [ClockEvent(kind=ClockEventKind.START, at=task.started_at)],
                            limit.limit,
                            calendar,
                        ).at
                        if limit and task.started_at
                        else None,
                    )
                )
            found.append(
                OneCase(
                    row, timeline.timeline(session, row.district_code, row.id), own, timed_world.at
                )
            )
    return found


def report(timed_world: World, filters: CaseFilters | None = None) -> TimesReport:
    with timed_world.database.transaction() as session:
        return times.times(session, filters or CaseFilters(), timed_world.at)


def spread(lengths: list[timedelta]) -> Spread:
    """Discrete percentiles by their definition."""
    ranked = sorted(lengths)

    def part(share: float) -> timedelta | None:
        return ranked[max(math.ceil(share * len(ranked)) - 1, 0)] if ranked else None

    return Spread(n=len(ranked), p50=part(0.5), p90=part(0.9), longest=max(ranked, default=None))


def check_figures(found: CaseFigures, cases: list[OneCase]) -> None:
    sent = [case for case in cases if case.is_sent]
    core = [case.times.core.length for case in sent if case.times.core.length is not None]
    applicant = [
        case.times.applicant.length for case in sent if case.times.applicant.length is not None
    ]
    assert found.sent == len(sent)
    assert found.drafts == len(cases) - len(sent)
    assert found.ended == sum(case.outcome in ENDED for case in cases)
    assert found.core == spread(core)
    assert found.applicant == spread(applicant)
    assert found.acceptance == spread(
        [case.row.accepted_at - case.row.submitted_at for case in sent if case.row.accepted_at]
    )
    assert found.core_within == sum(length <= GOAL for length in core)
    assert found.core_within_ended == sum(
        case.times.core.length is not None and case.times.core.length <= GOAL
        for case in cases
        if case.outcome in ENDED
    )
    assert found.applicant_within == sum(length <= GOAL for length in applicant)
    assert found.on_time == sum(case.is_on_time for case in cases)
    assert found.late == sum(case.is_late for case in cases)
    # Nobody is left out: a time, or the reason that the case's own page gives.
    assert found.core.n + sum(found.core_missing.values()) == found.sent
    assert found.applicant.n + sum(found.applicant_missing.values()) == found.sent
    for missing, name in ((found.core_missing, "core"), (found.applicant_missing, "applicant")):
        reasons = Counter(getattr(case.times, name).missing for case in sent)
        assert missing == {why: reasons[REASONS[why]] for why in Missing}


def check_table(
    rows: tuple[CaseFigures, ...], cases: list[OneCase], key: Callable[[OneCase], str]
) -> None:
    keys = sorted({key(case) for case in cases})
    assert [row.key for row in rows] == keys
    for row in rows:
        check_figures(row, [case for case in cases if key(case) == row.key])


def check_items(
    found: OriginTimes, cases: list[OneCase], item_code: str | None, at: datetime
) -> None:
    tasks = [task for case in cases for task in case.tasks if item_code in {None, task.item_code}]
    for rows, key in ((found.by_item, "item_code"), (found.by_department, "department_code")):
        assert {row.key for row in rows} == {getattr(task, key) for task in tasks}
        for row in rows:
            own = [task for task in tasks if getattr(task, key) == row.key]
            decided = [task for task in own if task.kind in {"positive", "negative"}]
            assert row.tasks == len(own)
            assert row.own == spread(
                [
                    task.ended_at - task.started_at
                    for task in own
                    if task.kind != "void" and task.started_at and task.ended_at
                ]
            )
            assert row.at_once == sum(task.started_at is None for task in decided)
            assert row.approved + row.refused == len(decided)
            assert len(decided) + row.void + row.unfinished == row.tasks
            for end, kept, broken in (
                ("due_at", row.on_time, row.late),
                ("legal_due_at", row.lawful, row.unlawful),
            ):
                on_clock = [task for task in own if getattr(task, end)]
                assert broken == sum(
                    (task.ended_at or at) > getattr(task, end) for task in on_clock
                )
                assert kept == sum(
                    task.kind != "void"
                    and task.ended_at is not None
                    and task.ended_at <= getattr(task, end)
                    for task in on_clock
                )


def check(found: TimesReport, cases: list[OneCase], filters: CaseFilters, at: datetime) -> None:
    """The whole report against the cases asked for one by one."""
    assert {each.origin for each in found.origins} >= {Origin(case.row.origin) for case in cases}
    for origin in found.origins:
        own = [case for case in cases if case.row.origin == origin.origin]
        check_figures(origin.total, own)
        check_table(origin.by_month, own, lambda case: f"{case.day:%Y-%m}")
        check_table(origin.by_district, own, lambda case: str(case.row.district_code))
        check_table(origin.by_channel, own, lambda case: str(case.row.channel))
        check_table(origin.by_thing, own, lambda case: str(case.row.thing_code))
        for outcome in origin.outcomes:
            assert outcome.to_end == spread(
                [case.to_end for case in own if case.outcome is outcome.outcome]
            )
        bars = Counter(
            next(
                (
                    edge
                    for edge in EDGES_MINUTES
                    if case.times.core.length <= timedelta(minutes=edge)
                ),
                None,
            )
            for case in own
            if case.times.core.length is not None
        )
        assert {bar.up_to_minutes: bar.count for bar in origin.distribution if bar.count} == bars
        check_items(origin, own, filters.item_code, at)


def meant(case: OneCase, filters: CaseFilters) -> bool:
    row = case.row
    return (
        (filters.district_codes is None or row.district_code in filters.district_codes)
        and (filters.from_on is None or case.day >= filters.from_on)
        and (filters.to_on is None or case.day <= filters.to_on)
        and filters.channel in {None, row.channel}
        and filters.origin in {None, row.origin}
        and filters.thing_code in {None, row.thing_code}
        and (
            filters.item_code is None
            or any(task.item_code == filters.item_code for task in case.tasks)
        )
    )


DAYS = st.none() | st.dates(date(2026, 9, 15), date(2026, 12, 31))


@given(
    filters=st.builds(
        CaseFilters,
        district_codes=st.sampled_from([None, (DISTRICT,), ("620123",), (DISTRICT, "620123")]),
        from_on=DAYS,
        to_on=DAYS,
        thing_code=st.sampled_from([None, THING]),
        item_code=st.sampled_from([None, "tax", "registration", "staff_enrolment", "seals"]),
        channel=st.sampled_from([None, *Channel]),
        origin=st.sampled_from([None, *Origin]),
    )
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_under_any_filter_the_report_is_what_asking_case_by_case_comes_to(
    timed_world: World, known: list[OneCase], filters: CaseFilters
) -> None:
    cases = [case for case in known if meant(case, filters)]

    check(report(timed_world, filters), cases, filters, timed_world.at)


def test_every_outcome_is_there_with_its_time_to_the_end(
    timed_world: World, known: list[OneCase]
) -> None:
    found = report(timed_world)

    check(found, known, CaseFilters(), timed_world.at)
    counts = Counter[Outcome]()
    for origin in found.origins:
        for outcome in origin.outcomes:
            counts[outcome.outcome] += outcome.to_end.n
    assert sum(counts.values()) == len(known)
    unseen = {Outcome.LAPSED, Outcome.CANCELLED}
    assert all(counts[outcome] for outcome in Outcome if outcome not in unseen)
    refused = [row for row in found.origins[0].outcomes if row.outcome is Outcome.REFUSED]
    assert refused[0].has_ended


def test_the_share_of_all_sent_is_never_above_that_of_the_measured(timed_world: World) -> None:
    total = report(timed_world).origins[0].total

    assert total.of_measured.share is not None
    assert total.of_sent.share is not None
    assert total.of_ended.share is not None
    assert total.of_sent.share < total.of_measured.share
    assert total.core_missing[Missing.NOT_GRANTED] > 0
    assert total.core_missing[Missing.WITHDRAWN] > 0


def test_the_definition_names_the_core_items(timed_world: World) -> None:
    found = {thing.zh: words for thing, words in report(timed_world).core_definitions}

    assert set(found) == {"企业开办一件事", "开办餐饮店一件事"}
    words = found["企业开办一件事"]
    for name in ("营业执照", "印章", "税务", "社会保险"):
        assert name in words.zh
