"""The few further reads that some commands need, inside the command's own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from core.json_text import dump_json
from services.door.changes import SubmissionDraft
from services.door.package_content import Sent
from services.door.snapshot import driver
from workflows.clock_folds import Step
from workflows.process import FACTS

_ALLOCATE = """
insert into serials (district_code, series, last)
values (%(district_code)s, %(series)s, %(count)s)
on conflict (district_code, series) do update set last = serials.last + excluded.last
returning last
"""
_ANSWERS = """
select answers from case_answers
where district_code = %(district_code)s and case_id = %(case_id)s
"""
_KEEP = """
with kept as (
  update case_answers set
    typed = coalesce(%(restored)s::jsonb, typed),
    saved = case when %(restored)s::jsonb is null then saved else '{}' end,
    answers = coalesce(%(answers)s::jsonb, answers),
    commitment_key = coalesce(%(answers_key)s, commitment_key), updated_at = %(at)s
  where district_code = %(district_code)s and case_id = %(case_id)s
)
insert into submissions
  (district_code, case_id, event_number, typed, answers, materials, commitment_key)
values (%(district_code)s, %(case_id)s, %(event_number)s, %(typed)s::jsonb, %(answers)s::jsonb,
  %(materials)s::jsonb, %(commitment_key)s)
"""
_TYPED = """
select a.typed, s.typed as sent from case_answers a
left join lateral (
  select s.typed from submissions s
  where s.district_code = %(district_code)s and s.case_id = %(case_id)s and s.answers is not null
  order by s.event_number desc limit 1) s on true
where a.district_code = %(district_code)s and a.case_id = %(case_id)s
"""
_SENT = """
select event_number, answers, materials, commitment_key from submissions
where district_code = %(district_code)s and case_id = %(case_id)s and answers is not null
order by event_number desc limit 1
"""
_LAST_SENT = """(select max(e.number) from events e
  where e.district_code = %(district_code)s and e.case_id = %(case_id)s
    and e.body #> '{commitments,answers}' is not null)"""
_CHANGED_SINCE = f"""case when removed_at is null
    then sent_event_number is null and received_at > coalesce(%(since)s::timestamptz,
      (select c.submitted_at from cases c
        where c.district_code = %(district_code)s and c.id = %(case_id)s))
    else sent_event_number = {_LAST_SENT} end"""  # noqa: S608  constants of this module alone
_PAPERS = f"""
select removed_at is null and state = 'checked' as is_aside, id::text as id,
  material_code as code, original_name as name, encode(content_hash, 'hex') as hash,
  size_bytes as size, page_count as pages
from material_files
where district_code = %(district_code)s and case_id = %(case_id)s
  and {_CHANGED_SINCE}
order by material_code, received_at, id
"""  # noqa: S608  built from constants of this module alone
_RESTORE_PAPERS = f"""
update material_files set
  removed_at = case when removed_at is null then %(at)s end,
  sent_event_number = case when removed_at is null and state = 'checked'
    then %(event_number)s else sent_event_number end
where district_code = %(district_code)s and case_id = %(case_id)s
  and (%(codes)s::text[] is null or material_code = any(%(codes)s::text[]))
  and {_CHANGED_SINCE}
"""  # noqa: S608  built from constants of this module alone
_ASKED = """
select e.body -> 'places' as places from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s and e.body ? 'places'
  and (e.item_code is null or e.item_code = %(item_code)s::text)
order by e.number
"""
_STEPS = """
select e.item_code, e.at, e.to_state, e.body -> 'clock' as clock from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and (e.from_state is distinct from e.to_state or e.body ? 'clock')
order by e.number
"""
_LISTS = """
select distinct on (e.item_code) e.item_code, e.at, e.body -> 'places' as places from events e
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.item_code is not null and e.body ? 'places'
order by e.item_code, e.number desc
"""
# What the engine did by itself followed from somebody's command: that act is the one to tell of.
_LAST_ACT = """
select e.trigger, e.to_state, e.at, e.item_code, p.name, e.actor_id
from events e left join people p on p.id = e.actor_id
where e.district_code = %(district_code)s and e.case_id = %(case_id)s
  and e.command_id is not null and e.trigger <> all(%(facts)s::text[]) and e.number <= (
    select max(l.number) from events l
    where l.district_code = %(district_code)s and l.case_id = %(case_id)s
      and l.trigger <> all(%(facts)s::text[])
      and l.item_code is not distinct from %(item_code)s::text)
order by e.number desc limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it stands and as it was last sent; ``sent`` is None once that was erased."""

    now: Mapping[str, Any]
    sent: Mapping[str, Any] | None
    papers: Sequence[Mapping[str, Any]] = ()
    """The sound files that were added since, as a submission would list them."""
    other_papers: frozenset[str] = frozenset()
    """The papers of which a file was added or removed since."""

    @property
    def is_as_sent(self) -> bool:
        """True if nothing was changed since it was last sent."""
        return self.sent == self.now and not self.other_papers


@dataclass(frozen=True, slots=True, kw_only=True)
class PartList:
    """What one part asked to mend, and when."""

    at: datetime
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAct:
    """Who last did what, for the page of the one who came too late."""

    trigger: str
    to_state: str | None
    at: datetime
    item_code: str | None
    name: str | None
    actor_id: UUID


def allocate(session: Session, district_code: str, series: str, count: int) -> int:
    """Take ``count`` serials of a series of a district; the first of them.

    The row stays locked until the commit, so that no serial is given out twice; a rolled-back
    command gives its serials back.
    """
    row = driver(session).execute(
        _ALLOCATE, {"district_code": district_code, "series": series, "count": count}
    )
    found = row.fetchone()
    if found is None:
        raise RuntimeError("an upsert that returns always has a row")
    return int(found[0]) - count + 1


def answers(session: Session, case_key: tuple[str, UUID]) -> Mapping[str, Any]:
    """The case's answers as read at submission; empty if they were erased."""
    row = (
        driver(session)
        .execute(_ANSWERS, {"district_code": case_key[0], "case_id": case_key[1]})
        .fetchone()
    )
    return row[0] if row and row[0] else {}


def keep_submission(
    session: Session,
    case_key: tuple[str, UUID],
    event_number: int,
    sent: SubmissionDraft,
    at: datetime,
) -> None:
    """Store a submission as it was sent, and bring the working copy to what it says."""
    is_sent = sent.answers is not None
    driver(session).execute(
        _KEEP,
        {
            "district_code": case_key[0],
            "case_id": case_key[1],
            "event_number": event_number,
            "typed": dump_json(sent.typed),
            "answers": dump_json(sent.answers) if is_sent else None,
            "answers_key": sent.commitment_key if is_sent else None,
            "materials": dump_json(sent.materials),
            "restored": None if sent.restored is None else dump_json(sent.restored),
            "commitment_key": sent.commitment_key,
            "at": at,
        },
    )
    if sent.restored is not None:
        values = {"district_code": case_key[0], "case_id": case_key[1]}
        papers = {"codes": sent.paper_codes, "since": sent.since}
        mark = {"event_number": event_number, "at": at}
        driver(session).execute(_RESTORE_PAPERS, values | papers | mark)


def typed(session: Session, case_key: tuple[str, UUID], since: datetime | None = None) -> Typed:
    """What stands in the form with its papers, and what stood in it when it was last sent.

    ``since`` is the instant after which files are new; without it, that of the submission.
    """
    values = {"district_code": case_key[0], "case_id": case_key[1], "since": since}
    row = driver(session).execute(_TYPED, values).fetchone()
    if row is None:
        return Typed(now={}, sent=None)
    others = driver(session).cursor(row_factory=dict_row).execute(_PAPERS, values).fetchall()
    changed = frozenset(paper["code"] for paper in others)
    aside = [paper for paper in others if paper.pop("is_aside")]
    return Typed(now=row[0], sent=row[1], papers=aside, other_papers=changed)


def part_lists(session: Session, case_key: tuple[str, UUID]) -> Mapping[str, PartList]:
    """The last list of each part that ever asked for corrections, by item code."""
    values = {"district_code": case_key[0], "case_id": case_key[1]}
    rows = driver(session).execute(_LISTS, values).fetchall()
    return {code: PartList(at=at, paths=tuple(places)) for code, at, places in rows}


def asked_before(
    session: Session, case_key: tuple[str, UUID], item_code: str | None
) -> frozenset[str]:
    """The places that earlier returns of the case have named, or requests of the same part."""
    values = {"district_code": case_key[0], "case_id": case_key[1], "item_code": item_code}
    rows = driver(session).execute(_ASKED, values)
    return frozenset(path for row in rows.fetchall() for path in row[0])


def sent(session: Session, case_key: tuple[str, UUID]) -> Sent | None:
    """The submission that stands, as it was sent; None once it was erased."""
    values = {"district_code": case_key[0], "case_id": case_key[1]}
    row = driver(session).execute(_SENT, values).fetchone()
    if row is None:
        return None
    return Sent(
        event_number=row[0], answers=row[1], materials=tuple(row[2]), commitment_key=bytes(row[3])
    )


def steps(session: Session, case_key: tuple[str, UUID]) -> tuple[Step, ...]:
    """The steps of a case's chain that clocks follow, in order."""
    rows = driver(session).execute(_STEPS, {"district_code": case_key[0], "case_id": case_key[1]})
    return tuple(
        Step(item_code=item_code, at=at, to_state=to_state, clock=clock or {})
        for item_code, at, to_state, clock in rows.fetchall()
    )


def last_act(session: Session, case_key: tuple[str, UUID], item_code: str | None) -> LastAct | None:
    """The last event of the case itself, or of one of its tasks, with who did it."""
    cursor = driver(session).cursor(row_factory=dict_row)
    values = {
        "district_code": case_key[0],
        "case_id": case_key[1],
        "item_code": item_code,
        "facts": sorted(FACTS),
    }
    row = cursor.execute(_LAST_ACT, values).fetchone()
    if row is None:
        return None
    return LastAct(**row)
