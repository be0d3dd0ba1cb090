"""Recomputing a case's chain: hashes, links, commitments, and the rows that events wrote."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.text import Text
from models.automatic_decision import AutomaticAssessment
from models.case import Case, CaseAnswers
from models.conflict import Conflict
from models.credit_mark import CreditMark
from models.document import Document
from models.event import Event, EventText
from models.hand_over_package import HandOverPackage
from models.ledger import Transfer
from models.lifted_credit_mark import LiftedCreditMark
from models.material_file import MaterialFile
from models.output import Output, Seal
from models.preparation import Preparation
from models.repair import Repair
from models.submission import Submission
from models.supervision import DelayReason, SupervisionCard
from models.task import Task
from models.tolerance import ToleratedPaper
from services import (
    definitions,
    verified_documents,
    verified_hands,
    verified_packages,
    verified_promises,
    verified_repairs,
    verified_results,
    verified_rules,
    verified_supervision,
)
from services.door import chain
from services.door.snapshot import NO_CASE
from workflows.process import ASSESS, CLAIM_ACTS, PACKAGE_ACTS, REFUSE_PACKAGE

FACTS = CLAIM_ACTS | PACKAGE_ACTS | {REFUSE_PACKAGE, ASSESS}
"""Events beside the states."""
StoredRow = Mapping[str, Any]
"""A row as the database has it, by column."""

NUMBER_GAP = Text(zh="事件编号不连续。", en="The numbers of the events have a gap.")
WRONG_LINK = Text(
    zh="没有接在前一个事件之后：前一哈希不符。",
    en="It does not follow the event before it: the previous hash differs.",
)
WRONG_HASH = Text(
    zh="内容与哈希不符：重新计算的结果不同。",
    en="Its content does not give its hash: the recomputed one differs.",
)
WRONG_LENGTH = Text(
    zh="办件记录有 {expected} 个事件，实际找到 {found} 个。",
    en="The case counts {expected} events; {found} were found.",
)
WRONG_HEAD = Text(
    zh="办件登记的链尾哈希与最后一个事件不符。",
    en="The head that the case keeps is not the hash of its last event.",
)
WRONG_TEXT = Text(
    zh="事件的文字内容与承诺值不符，可能被改动。",
    en="The event's text does not agree with its commitment; it may have been changed.",
)
WRONG_ANSWERS = Text(
    zh="表单内容与提交时的承诺值不符，可能被改动。",
    en="The answers do not agree with the commitment made at submission; they may have been "
    "changed.",
)
WRONG_ORIGIN = Text(
    zh="事件中的数据来源与办件的来源不符。",
    en="The origin inside the event is not that of the case.",
)
WRONG_CHANNEL = Text(
    zh="事件中的办理渠道或接件人与办件登记的不符。",
    en="The channel or the officer inside the event is not that of the case.",
)
WRONG_ROWS = Text(
    zh="{table}与事件记载不符：{missing} 行缺失或被改动，{extra} 行没有事件依据。",
    en="{table} and events disagree: {missing} rows are missing or changed, "
    "{extra} rows stand on no event.",
)
TABLES = {
    "state": Text(zh="办件状态", en="State of the case"),
    "tasks": Text(zh="分办件状态", en="States of the items"),
    "outputs": Text(zh="结果", en="Outputs"),
    "seals": Text(zh="印章", en="Seals"),
    "transfers": Text(zh="账目", en="Transfers"),
    "cards": Text(zh="督办牌", en="Supervision cards"),
    "packages": Text(zh="移交包", en="Hand-over packages"),
    "delays": Text(zh="超期原因", en="Reasons for being overdue"),
    "documents": Text(zh="文书", en="Documents"),
    "assessments": Text(zh="按规则评估", en="Assessments by rule"),
    "repairs": Text(zh="修复记录", en="Repairs"),
    "promises": Text(zh="承诺补交的材料", en="Promised papers"),
    "marks": Text(zh="信用记录", en="Marks of broken promises"),
    "lifted_marks": Text(zh="取消的信用记录", en="Lifted marks"),
    "preparations": Text(zh="参与准备决定的记录", en="Records of who prepared a decision"),
    "conflicts": Text(zh="回避申明", en="Declared conflicts of interest"),
}
WRONG_PAPERS = Text(
    zh="材料与提交时的记录不符：{missing} 个文件缺失或被改动，{extra} 个文件没有依据。",
    en="The papers disagree with what was submitted: {missing} files are missing or changed, "
    "{extra} files stand on no submission.",
)
SUBMISSION_PARTS = ("typed", "answers", "materials")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not agree; ``event_number`` is None if it concerns the whole case."""

    event_number: int | None
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """The result of recomputing a chain."""

    valid: bool
    broken_at: int | None
    """The first event that does not agree."""
    findings: tuple[Finding, ...]
    event_count: int
    head_hash: str | None
    """Hexadecimal; None for a case without events."""
    erased_texts: int
    """Texts that were erased with their keys: their commitments can no longer be checked."""


def verify_chain(session: Session, district_code: str, case_id: UUID) -> ChainReport:
    """Recompute everything that the events of a case vouch for.

    Hash and link of each event; length and head kept by the case; commitments to texts and
    answers that were not erased; and that states, results, transfers, numbered papers, packages,
    cards, promises, marks, preparations and conflicts in the tables are exactly what the events
    say. Raises `NotFoundError` if there is no such case.
    """
    key = (district_code, case_id)
    found = session.execute(
        select(Case.__table__).where(Case.district_code == district_code, Case.id == case_id)
    ).mappings()
    case = found.one_or_none()
    if case is None:
        raise NotFoundError(NO_CASE)
    row = dict(case)
    events = _rows(session, Event.__table__, key)
    events.sort(key=lambda event: int(event["number"]))
    texts = {text["event_number"]: text for text in _rows(session, EventText.__table__, key)}
    findings = [
        *_links(events),
        *_head(row, events),
        *_texts(events, texts),
        *_answers(session, key, events),
        *_papers(session, key),
        *_origins(row, events),
        *_channels(row, events),
        *_tables(session, key, row, events),
    ]
    numbers = [found.event_number for found in findings if found.event_number is not None]
    return ChainReport(
        valid=not findings,
        broken_at=min(numbers, default=None),
        findings=tuple(findings),
        event_count=len(events),
        head_hash=events[-1]["hash"].hex() if events else None,
        erased_texts=sum(
            "text" in _commitments(event) and event["number"] not in texts for event in events
        ),
    )


def _links(events: Sequence[StoredRow]) -> Iterator[Finding]:
    previous = chain.GENESIS
    for expected, event in enumerate(events, 1):
        number = int(event["number"])
        if number != expected:
            yield Finding(event_number=number, sentence=NUMBER_GAP)
        if bytes(event["previous_hash"]) != previous:
            yield Finding(event_number=number, sentence=WRONG_LINK)
        if chain.event_hash(event) != bytes(event["hash"]):
            yield Finding(event_number=number, sentence=WRONG_HASH)
        previous = bytes(event["hash"])


def _head(case: StoredRow, events: Sequence[StoredRow]) -> Iterator[Finding]:
    if case["event_count"] != len(events):
        sentence = WRONG_LENGTH.format(expected=case["event_count"], found=len(events))
        yield Finding(event_number=None, sentence=sentence)
    head = bytes(events[-1]["hash"]) if events else chain.GENESIS
    if bytes(case["head_hash"] or chain.GENESIS) != head:
        yield Finding(event_number=None, sentence=WRONG_HEAD)


def _texts(events: Sequence[StoredRow], texts: Mapping[int, StoredRow]) -> Iterator[Finding]:
    for event in events:
        text = texts.get(event["number"])
        if text is None:
            continue
        made = chain.commitment(bytes(text["commitment_key"]), text["content"])
        if made != _commitments(event).get("text"):
            yield Finding(event_number=event["number"], sentence=WRONG_TEXT)


def _answers(
    session: Session, key: tuple[str, UUID], events: Sequence[StoredRow]
) -> Iterator[Finding]:
    """The answers as kept are those of the last submission, and each submission is as sent."""
    said = {event["number"]: _commitments(event) for event in events}
    for row in _rows(session, Submission.__table__, key):
        commitments = said.get(row["event_number"], {})
        secret = bytes(row["commitment_key"])
        parts = [
            each for each in SUBMISSION_PARTS if row["answers"] is not None or each in commitments
        ]
        if any(chain.commitment(secret, row[name]) != commitments.get(name) for name in parts):
            yield Finding(event_number=row["event_number"], sentence=WRONG_ANSWERS)
    submissions = [event for event in events if "answers" in _commitments(event)]
    rows = _rows(session, CaseAnswers.__table__, key)
    if not submissions or not rows or rows[0]["answers"] is None:
        return
    made = chain.commitment(bytes(rows[0]["commitment_key"]), rows[0]["answers"])
    last = submissions[-1]
    if made != _commitments(last)["answers"]:
        yield Finding(event_number=last["number"], sentence=WRONG_ANSWERS)


def _papers(session: Session, key: tuple[str, UUID]) -> Iterator[Finding]:
    """The files of the last submission are those that it lists; of earlier ones some may be."""
    said = {
        row["event_number"]: {_paper(each) for each in row["materials"]}
        for row in _rows(session, Submission.__table__, key)
    }
    kept: dict[int, set[object]] = {number: set() for number in said}
    for row in _rows(session, MaterialFile.__table__, key):
        if row["sent_event_number"] in kept:
            kept[row["sent_event_number"]].add(
                _paper({**row, "code": row["material_code"], "hash": row["content_hash"].hex()})
            )
    for number, files in kept.items():
        missing = said[number] - files if number == max(kept) else set()
        extra = files - said[number]
        if missing or extra:
            sentence = WRONG_PAPERS.format(missing=len(missing), extra=len(extra))
            yield Finding(event_number=number, sentence=sentence)


def _paper(row: Mapping[str, Any]) -> object:
    """What makes a file the one that was submitted."""
    return (str(row["id"]), row["code"], row["hash"])


def _origins(case: StoredRow, events: Sequence[StoredRow]) -> Iterator[Finding]:
    for event in events:
        if event["body"].get("origin", "live") != case["origin"]:
            yield Finding(event_number=event["number"], sentence=WRONG_ORIGIN)


def _channels(case: StoredRow, events: Sequence[StoredRow]) -> Iterator[Finding]:
    """The last submission says where the case was taken in and by whom, as the case does.

    A case that was returned since then may have been brought to a window, which the next
    submission will say.
    """
    submissions = [event for event in events if "answers" in _commitments(event)]
    for event in submissions[-1:]:
        if any(later["to_state"] == "returned" for later in events[int(event["number"]) :]):
            continue
        taken_by = event["body"].get("taken_by")
        said = (event["body"].get("channel", "online"), taken_by)
        if said != (case["channel"], str(case["taken_by"]) if case["taken_by"] else None):
            yield Finding(event_number=event["number"], sentence=WRONG_CHANNEL)


def _tables(
    session: Session, key: tuple[str, UUID], case: StoredRow, events: Sequence[StoredRow]
) -> Iterator[Finding]:
    moves = [event for event in events if event["trigger"] not in FACTS]
    own = [event["to_state"] for event in moves if event["item_code"] is None]
    expected: dict[str, tuple[Iterable[object], Iterable[object]]] = {
        "state": (own[-1:] or [case["state"]], [case["state"]]),
        "tasks": (
            _task_states(moves).items(),
            [(row["item_code"], row["state"]) for row in _rows(session, Task.__table__, key)],
        ),
    }
    expected |= verified_results.expected(
        events,
        _rows(session, Output.__table__, key),
        _rows(session, Seal.__table__, key),
        _rows(session, Transfer.__table__, key),
    )
    expected |= verified_supervision.expected(
        events,
        _rows(session, SupervisionCard.__table__, key),
        _rows(session, DelayReason.__table__, key),
    )
    expected |= verified_documents.expected(events, _rows(session, Document.__table__, key))
    expected |= verified_packages.expected(events, _rows(session, HandOverPackage.__table__, key))
    expected |= verified_rules.expected(events, _rows(session, AutomaticAssessment.__table__, key))
    expected |= verified_repairs.expected(events, _rows(session, Repair.__table__, key))
    expected |= verified_promises.expected(
        events,
        _rows(session, ToleratedPaper.__table__, key),
        (
            _rows(session, CreditMark.__table__, key),
            _rows(session, LiftedCreditMark.__table__, key),
        ),
        case["applicant_id"],
    )
    expected |= verified_hands.expected(
        events,
        definitions.by_hash(session, case["definition_hash"]),
        _rows(session, Preparation.__table__, key),
        _rows(session, Conflict.__table__, key),
    )
    for name, (said, kept) in expected.items():
        yield from _compare(TABLES[name], set(said), set(kept))


def _compare(table: Text, said: set[object], kept: set[object]) -> Iterator[Finding]:
    if said != kept:
        sentence = WRONG_ROWS.format(table=table, missing=len(said - kept), extra=len(kept - said))
        yield Finding(event_number=None, sentence=sentence)


def _task_states(moves: Sequence[StoredRow]) -> dict[str, str]:
    """The state of each item after all events: as created at acceptance, then as moved."""
    states: dict[str, str] = {}
    for event in moves:
        for row in _written(event, "tasks"):
            states[row["item_code"]] = row["state"]
        if event["item_code"] is not None:
            states[event["item_code"]] = event["to_state"]
    return states


def _written(event: StoredRow, kind: str) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = event["body"].get("rows", {}).get(kind, ())
    return rows


def _commitments(event: StoredRow) -> Mapping[str, str]:
    found: Mapping[str, str] = event["body"].get("commitments", {})
    return found


def _rows(session: Session, table: FromClause, key: tuple[str, UUID]) -> list[StoredRow]:
    """The rows of a case in a table, as columns: nothing cached, as the database has them."""
    statement = select(table).where(table.c.district_code == key[0], table.c.case_id == key[1])
    return [dict(row) for row in session.execute(statement).mappings()]
