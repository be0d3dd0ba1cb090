"""The invariants of the service: checked all the time, and every breach told to operators."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from core.districts import across_districts
from core.text import Text
from models.base import new_id
from models.case import Case
from models.definition import DefinitionVersion
from models.invariant_run import InvariantRun
from services import balance, definitions, verification
from services import invariant_queries as queries
from services.case_keys import CaseKey
from services.ledger_scope import Filters

RECENT, ALL = "recent", "all"
PATIENCE = timedelta(minutes=10)
"""What follows from a limit is checked to have followed after so long."""
KEPT = timedelta(days=30)
MOST_SHOWN = 20
CHAIN_BATCH = 100
CHAINS = "chains"
OF_ALL: Final = frozenset({"limits_fired", "promises_kept_or_lapsed"})
"""Asked by index of all cases, whatever moved of late."""
AT_NIGHT: Final = frozenset({"ledger"})
"""Read every row there is: not every five minutes."""
Key = tuple[str, UUID]
FIRST: Final[Key] = ("", UUID(int=0))
"""Before every case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One thing that is always true."""

    code: str
    title: Text
    breach: Text
    """What it means for a case that breaks it."""


INVARIANTS: Final = (
    Invariant(
        code="known_states",
        title=Text(
            zh="每个分办件都在定义里有的状态", en="Every task is in a state of its definition"
        ),
        breach=Text(zh="状态不在定义里", en="the definition has no such state"),
    ),
    Invariant(
        code="nothing_stuck",
        title=Text(
            zh="没有办完的每一件，都有人能办、有计时器、或者在等申请人",
            en="Every open case has an enabled task, a timer, or waits for its applicant",
        ),
        breach=Text(zh="没有人能办，也没有计时器", en="nobody can act and no timer runs"),
    ),
    Invariant(
        code="decided_once",
        title=Text(zh="没有一个分办件被决定两次", en="No task has two decisions"),
        breach=Text(zh="办结的次数与状态不符", en="how often it was ended does not fit its state"),
    ),
    Invariant(
        code="case_states",
        title=Text(
            zh="办件的状态等于由分办件推出的状态",
            en="The state of every case is the function of its tasks",
        ),
        breach=Text(zh="办件状态与分办件不符", en="the case's state is not that of its tasks"),
    ),
    Invariant(
        code="queues",
        title=Text(
            zh="每个要办的分办件恰好在该在的队列里",
            en="Every task to be done lies in exactly the queue it should",
        ),
        breach=Text(zh="队列中缺少或者多出", en="missing from a queue, or in one too many"),
    ),
    Invariant(
        code="heads",
        title=Text(
            zh="每个办件的事件数和链尾与事件相符",
            en="Every case counts its events and keeps the hash of the last",
        ),
        breach=Text(zh="事件数或者链尾不符", en="the count or the head differs"),
    ),
    Invariant(
        code="chains",
        title=Text(
            zh="每个办件的事件链重新计算后完整，各表与事件相符",
            en="Every chain is whole when recomputed, and the tables agree with it",
        ),
        breach=Text(zh="事件链不完整", en="the chain does not hold"),
    ),
    Invariant(
        code="limits_fired",
        title=Text(
            zh="到期该发生的，十分钟内都已发生",
            en="What follows from a limit has followed within ten minutes",
        ),
        breach=Text(zh="到期没有处理", en="a limit ran out and nothing followed"),
    ),
    Invariant(
        code="promises_kept_or_lapsed",
        title=Text(
            zh="承诺补交的材料过了期限，或者已收到，或者已按逾期处理",
            en="A promised paper whose day is over was brought, or has lapsed",
        ),
        breach=Text(zh="逾期没有处理", en="its day is over and nothing followed"),
    ),
    Invariant(
        code="ledger",
        title=Text(
            zh="节省账借贷相等，价格合价目，每枚交付的印章恰好入账一次",
            en="The ledger balances, prices are those of tariffs, and every seal is posted once",
        ),
        breach=Text(zh="账目不符", en="the ledger disagrees"),
    ),
)
BY_CODE: Final[Mapping[str, Invariant]] = {each.code: each for each in INVARIANTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One case, or one of its tasks, that breaks an invariant; no case for the ledger's own."""

    district_code: str | None
    case_id: UUID | None
    item_code: str | None = None
    case_number: str | None = None
    sentence: Text | None = None
    """What the check itself says, where it says more than the invariant does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one check came to."""

    invariant: Invariant
    looked_at: int
    breaches: Sequence[Breach]

    @property
    def holds(self) -> bool:
        """True if nothing breaks it."""
        return not self.breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBatch:
    """Some chains that were recomputed."""

    looked_at: int
    breaches: Sequence[Breach]
    last: Key | None
    """The last case of a full batch, from which to go on; None if that was all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest run of a check in one scope, as operators see it."""

    invariant: Invariant
    scope: str
    ended_at: datetime
    looked_at: int
    breach_count: int
    breaches: Sequence[Breach]
    """The first `MOST_SHOWN`."""


def check(session: Session, code: str, at: datetime, since: datetime | None = None) -> Result:
    """Check one invariant over the cases that moved since an instant, or over all of them.

    Chains are recomputed in batches, by `chains`.
    """
    values = _meanings(session) | {"since": since, "late": at - PATIENCE, "case_id": None}
    if code == "ledger":
        return _ledger(session)
    rows = session.execute(text(SETS[code]), values).all()
    counted = session.execute(text(queries.COUNTED), values).scalar_one()
    found = [Breach(district_code=row[0], case_id=row[1], item_code=row[2]) for row in rows]
    return Result(
        invariant=BY_CODE[code], looked_at=int(counted), breaches=_numbered(session, found)
    )


def of_case(session: Session, key: CaseKey, at: datetime) -> list[tuple[Invariant, Breach]]:
    """Everything that one case breaks, its chain recomputed; the ledger is checked as a whole."""
    district_code, case_id = key.district_code, key.case_id
    values = _meanings(session) | {"since": None, "late": at - PATIENCE, "case_id": case_id}
    found = [
        (BY_CODE[code], Breach(district_code=row[0], case_id=row[1], item_code=row[2]))
        for code, statement in SETS.items()
        for row in session.execute(text(statement), values)
    ]
    report = verification.verify_chain(session, district_code, case_id)
    for finding in report.findings:
        breach = Breach(district_code=district_code, case_id=case_id, sentence=finding.sentence)
        found.append((BY_CODE[CHAINS], breach))
    return found


def chains(session: Session, since: datetime | None, after: Key) -> ChainBatch:
    """Recompute the chains of up to `CHAIN_BATCH` cases that follow the case ``after``."""
    values = {
        "since": since,
        "batch": CHAIN_BATCH,
        "after_district": after[0],
        "after_case": after[1],
    }
    rows = session.execute(text(queries.TOUCHED), values).all()
    found = []
    for row in rows:
        report = verification.verify_chain(session, row.district_code, row.case_id)
        if not report.valid:
            found.append(
                Breach(
                    district_code=row.district_code,
                    case_id=row.case_id,
                    sentence=report.findings[0].sentence,
                )
            )
    return ChainBatch(
        looked_at=len(rows),
        breaches=_numbered(session, found),
        last=(rows[-1].district_code, rows[-1].case_id) if len(rows) == CHAIN_BATCH else None,
    )


SETS: Final[Mapping[str, str]] = {
    "known_states": queries.UNKNOWN_STATES,
    "nothing_stuck": queries.STUCK,
    "decided_once": queries.DECIDED_TWICE,
    "case_states": queries.CASE_STATES,
    "queues": queries.QUEUES,
    "heads": queries.HEADS,
    "limits_fired": queries.UNFIRED,
    "promises_kept_or_lapsed": queries.EXPIRED_PROMISES,
}


def keep(session: Session, result: Result, scope: str, times: tuple[datetime, datetime]) -> None:
    """Keep what a check found, and forget runs of `KEPT` ago."""
    started_at, ended_at = times
    session.execute(
        insert(InvariantRun).values(
            id=new_id(),
            check_code=result.invariant.code,
            scope=scope,
            started_at=started_at,
            ended_at=ended_at,
            looked_at=result.looked_at,
            breach_count=len(result.breaches),
            breaches=[_as_kept(each) for each in result.breaches[:MOST_SHOWN]],
        )
    )
    session.execute(delete(InvariantRun).where(InvariantRun.ended_at < ended_at - KEPT))


def last_runs(session: Session) -> tuple[LastRun, ...]:
    """The newest run of every check in each scope, in the order of `INVARIANTS`."""
    run = InvariantRun
    rows = session.scalars(
        select(run)
        .ext(distinct_on(run.check_code, run.scope))
        .order_by(run.check_code, run.scope, run.ended_at.desc())
    ).all()
    order = list(BY_CODE)
    return tuple(
        LastRun(
            invariant=BY_CODE[row.check_code],
            scope=row.scope,
            ended_at=row.ended_at,
            looked_at=row.looked_at,
            breach_count=row.breach_count,
            breaches=[_from_kept(each) for each in row.breaches],
        )
        for row in sorted(
            (row for row in rows if row.check_code in BY_CODE),
            key=lambda row: (order.index(row.check_code), row.scope),
        )
    )


def _meanings(session: Session) -> dict[str, str]:
    """What every state of every published definition means, as the statements take it."""
    facts, things = [], []
    for digest in session.scalars(select(DefinitionVersion.hash)):
        definition = definitions.by_hash(session, digest)
        acceptor = definition.acceptor
        things.append(
            {"hash": digest.hex(), "acceptor": acceptor.code, "department": acceptor.department}
        )
        facts += [
            {
                "hash": digest.hex(),
                "item_code": item.code,
                "state": state.code,
                "kind": state.kind.value,
                "handler": state.handler.value,
            }
            for item in definition.thing.items
            for state in definition.engine_of(item).process.states
        ]
    return {"facts": json.dumps(facts), "things": json.dumps(things)}


def _ledger(session: Session) -> Result:
    found = balance.check(session, Filters())
    return Result(
        invariant=BY_CODE["ledger"],
        looked_at=found.delivered_seals,
        breaches=[
            Breach(district_code=None, case_id=None, sentence=sentence)
            for sentence in found.findings
        ],
    )


def _numbered(session: Session, found: Sequence[Breach]) -> list[Breach]:
    """The same with the numbers by which people know the cases, for those that are shown."""
    ids = [each.case_id for each in found[:MOST_SHOWN]]
    rows = session.execute(
        select(Case.id, Case.number)
        .prefix_with(across_districts("invariants of the whole service"))
        .where(Case.id.in_(ids))
    )
    numbers: dict[UUID, str | None] = {row.id: row.number for row in rows} if ids else {}
    return [
        Breach(
            district_code=each.district_code,
            case_id=each.case_id,
            item_code=each.item_code,
            case_number=numbers.get(each.case_id) if each.case_id else None,
            sentence=each.sentence,
        )
        for each in found
    ]


def _as_kept(breach: Breach) -> dict[str, Any]:
    sentence = breach.sentence
    return {
        "district_code": breach.district_code,
        "case_id": str(breach.case_id) if breach.case_id else None,
        "item_code": breach.item_code,
        "case_number": breach.case_number,
        "sentence": {"zh": sentence.zh, "en": sentence.en} if sentence else None,
    }


def _from_kept(row: Mapping[str, Any]) -> Breach:
    return Breach(
        district_code=row["district_code"],
        case_id=UUID(row["case_id"]) if row["case_id"] else None,
        item_code=row["item_code"],
        case_number=row["case_number"],
        sentence=Text(**row["sentence"]) if row["sentence"] else None,
    )
