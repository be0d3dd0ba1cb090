"""The savings pages: full, narrowed, empty, refused, unbalanced, and while cases are loaded."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import text

from core.clock import now
from services import synthetic_loads
from tests.browser.catalogue.prepared import Prepared
from tests.browser.catalogue.states import State, alike, unfold_all

AUDITOR = "auditor"
SYNTHETIC = "partly_completed"
"""The case that plays a synthetic one."""
ENTRY = (
    "select min(entry_id::text) from transfers where district_code = :district_code"
    " and case_id = :case_id and (commodity = 'CNY') = :is_money"
)


def scene(*, in_balance: bool = True, loading: bool = False) -> Callable[[Prepared], None]:
    """How the ledger stands when a state is looked at; each says it, for they share a database."""

    def ready(prepared: Prepared) -> None:
        key, at = prepared.cases[SYNTHETIC], now()
        case = {"district_code": key.district_code, "case_id": key.case_id}
        with prepared.database.transaction() as session:
            session.execute(
                text(
                    "update cases set origin = 'synthetic'"
                    " where district_code = :district_code and id = :case_id"
                ),
                case,
            )
            session.execute(
                text(
                    "update seals set delivered_at = case when :in_balance then filed_at end"
                    " where district_code = :district_code and case_id = :case_id"
                ),
                {**case, "in_balance": in_balance},
            )
            synthetic_loads.begin(session, 2529, 0, at)
            session.execute(
                text("update synthetic_loads set loaded = 1012, ended_at = :ended_at"),
                {"ended_at": None if loading else at},
            )
            for name, is_money in (("entry_of_money", True), ("entry_of_burden", False)):
                found = session.execute(text(ENTRY), {**case, "is_money": is_money})
                prepared.names[name] = str(found.scalar_one())

    return ready


def standing(*states: State) -> tuple[State, ...]:
    """The states, each with the ledger as it should be unless it says otherwise."""
    return tuple(replace(each, ready=each.ready or scene()) for each in states)


STATES = standing(
    State(name="savings", path="/savings", who=AUDITOR),
    State(name="savings-basis", path="/savings?by=item", who=AUDITOR, way=unfold_all),
    alike(State(name="savings-by-district", path="/savings?by=district", who=AUDITOR)),
    State(name="savings-by-fund", path="/savings?by=fund&origin=synthetic", who=AUDITOR),
    State(
        name="savings-narrowed",
        path="/savings?from=2026-01-01&to=2027-12-31&maker=jincheng&item=seals&by=quarter",
        who=AUDITOR,
        way=unfold_all,
    ),
    State(name="savings-none", path="/savings?maker=longyuan", who=AUDITOR),
    State(name="savings-unbalanced", path="/savings", who=AUDITOR, ready=scene(in_balance=False)),
    State(name="savings-loading", path="/savings", who=AUDITOR, ready=scene(loading=True)),
    State(name="savings-wrong-day", path="/savings?from=2026-13-99", who=AUDITOR, is_error=True),
    State(
        name="savings-wrong-choices",
        path="/savings?maker=nobody&item=x&thing=y&fund=z&district=9&origin=real&by=colour",
        who=AUDITOR,
        is_error=True,
    ),
    State(name="entries", path="/savings/entries", who=AUDITOR),
    State(name="entries-none", path="/savings/entries?maker=longyuan", who=AUDITOR),
    State(name="entries-wrong-day", path="/savings/entries?to=today", who=AUDITOR, is_error=True),
    State(name="entry-of-money", path="/savings/entries/{entry_of_money}", who=AUDITOR),
    State(name="entry-of-burden", path="/savings/entries/{entry_of_burden}", who=AUDITOR),
    alike(
        State(
            name="entry-unknown",
            path="/savings/entries/00000000-0000-7000-8000-000000000000",
            who=AUDITOR,
            is_error=True,
        )
    ),
)
