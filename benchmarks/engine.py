"""The engine itself, through the services that people's pages call: opening a company.

Thirteen durable transactions a case: the draft, the submission, a claim, acceptance, the licence,
three steps of the seal maker, the filing of the seals, and the approvals of four departments.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import psycopg

from benchmarks.contender import serve
from benchmarks.growth import counts
from catalog import samples
from core.clock import now
from core.database import Database
from models.base import new_id
from services import cases, demonstration, door, people
from services.cases import CaseKey
from workflows.permissions import Actor

DISTRICT = demonstration.DISTRICT
THING = "business_start_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command after the submission: who does what to which item."""

    account: str
    trigger: str
    item_code: str | None = None


APPLICANT = "applicant@yichuang.example"
STEPS: Sequence[Step] = (
    Step(account="registrar", trigger="claim", item_code="registration"),
    Step(account="registrar", trigger="accept"),
    Step(account="registrar", trigger="approve", item_code="registration"),
    Step(account="maker-jincheng", trigger="code", item_code="seals"),
    Step(account="maker-jincheng", trigger="engrave", item_code="seals"),
    Step(account="maker-jincheng", trigger="deliver", item_code="seals"),
    Step(account="police", trigger="file", item_code="seals"),
    Step(account="tax", trigger="approve", item_code="tax"),
    Step(account="medical-insurance", trigger="approve", item_code="medical_insurance"),
    Step(account="housing-fund", trigger="approve", item_code="housing_fund"),
    Step(account="bank", trigger="approve", item_code="bank_appointment"),
)
INPUTS: Mapping[tuple[str, str | None], Mapping[str, str]] = {
    ("deliver", "seals"): {"recipient_name": "王小明"},
    ("approve", "bank_appointment"): {
        "appointment_on": "2026-12-25",
        "appointment_time": "at_0900",
        "branch": "高新支行",
    },
}
TRANSACTIONS = 2 + len(STEPS)
_DELIVERY_CODE = """
select delivery_code from seal_orders
where district_code = %s and case_id = %s
"""
_SUBMIT_COMMAND = "select submit_command_id from cases where district_code = %s and id = %s"


class Engine:
    """Carries cases as people do, one after the other, each command in its own transaction."""

    def __init__(self, app_url: str, superuser_url: str) -> None:
        self._database = Database(app_url)
        self._superuser_url = superuser_url
        self._reader = psycopg.connect(superuser_url, autocommit=True)
        self._actors = {account: self._actor(account) for account in _accounts()}

    def run(self, first: int, count: int) -> None:
        """Open ``count`` companies, from the draft to the last approval."""
        for number in range(first, first + count):
            self.carry(number)

    def carry(self, number: int) -> CaseKey:
        """One case through all of its transactions."""
        key = self.drafted(number)
        self.submit(key)
        for step in STEPS:
            self._act(key, step)
        return key

    def submitted(self, number: int) -> CaseKey:
        """A case that waits for its acceptance."""
        key = self.drafted(number)
        self.submit(key)
        return key

    def licensed(self, number: int) -> CaseKey:
        """A case whose licence is issued, so that every department may decide."""
        key = self.submitted(number)
        for step in STEPS[1:3]:
            self._act(key, step)
        return key

    def submission_id(self, key: CaseKey) -> UUID:
        """What the page that was drawn of a form sends."""
        minted = UUID(str(self.read(_SUBMIT_COMMAND, key)))
        return uuid5(minted, "submit:0")

    def read(self, statement: str, key: CaseKey) -> Any:
        """One value of a case, as an onlooker reads it."""
        found = self._reader.execute(statement, [key.district_code, key.case_id]).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        """Leave the database."""
        self._database.dispose()
        self._reader.close()

    def steps(self, number: int) -> Iterator[CaseKey]:
        """One case, a transaction at a time: the case after each of them."""
        key = self.drafted(number)
        yield key
        self.submit(key)
        yield key
        for step in STEPS:
            self._act(key, step)
            yield key

    def grow(self, count: int) -> None:
        """Nothing: its tables are the service's, which are grown for everybody."""

    def check(self) -> dict[str, int]:
        """What stands in the tables that every case writes to."""
        return counts(self._superuser_url)

    def drafted(self, number: int) -> CaseKey:
        """A form that is filled in and not sent."""
        at, applicant = now(), self._actors[APPLICANT]
        typed = samples.business_start_up(district_code=DISTRICT, on=at.date(), suffix=number % 50)
        opening = cases.Opening(thing_code=THING, district_code=DISTRICT, opened_at=at)
        with self._database.transaction() as session:
            key = cases.start(session, applicant, opening, at)
            cases.save_sections(session, applicant, key, typed, at)
        return key

    def submit(self, key: CaseKey) -> None:
        """Send it, as the page that was drawn of it does."""
        at, applicant = now(), self._actors[APPLICANT]
        with self._database.transaction() as session:
            cases.submit(session, applicant, key, self.submission_id(key), at)

    def _act(self, key: CaseKey, step: Step) -> None:
        inputs = dict(INPUTS.get((step.trigger, step.item_code), {}))
        if step.trigger == "deliver":
            # What the applicant reads to the maker; it is no part of the transactions.
            inputs["delivery_code"] = str(self.read(_DELIVERY_CODE, key))
        command = door.Command(
            district_code=key.district_code,
            case_id=key.case_id,
            trigger=step.trigger,
            item_code=step.item_code,
            command_id=new_id(),
            inputs=inputs,
        )
        with self._database.transaction() as session:
            door.move(session, command, self._actors[step.account], now())

    def _actor(self, account: str) -> Actor:
        with self._database.transaction() as session:
            person = people.find(session, account, now())
        return Actor(id=person.id, name=person.name, grants=person.grants)


def _accounts() -> set[str]:
    return {APPLICANT, *(step.account for step in STEPS)}


if __name__ == "__main__":
    serve(Engine(*sys.argv[1:3]))
