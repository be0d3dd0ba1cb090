"""One database with a case in every stage, made once through the real services."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from catalog import samples
from commands.invariant_sweep import watch
from core.clock import CIVIL_ZONE, now
from core.database import Database
from core.inspection import Verdict
from services import (
    cases,
    corrections,
    door,
    draft_hand_overs,
    invitations,
    material_files,
    notices,
    people,
    withdrawals,
)
from services.cases import CaseKey
from services.door import RepairDraft
from services.material_files import Arrival
from services.people import NewPerson
from services.withdrawals import Withdrawal
from tests.browser.catalogue.desk_people import prepare_persons
from tests.browser.catalogue.exports import prepare_exports
from tests.browser.catalogue.failed_jobs import prepare_jobs
from tests.browser.catalogue.handed_over import prepare_packages
from tests.browser.catalogue.open_restaurants import prepare_restaurants
from tests.browser.catalogue.rules_at_work import prepare_rules
from tests.browser.catalogue.supervised import prepare_supervision
from tests.browser.catalogue.visits import SECRET, prepare_visits
from tests.browser.catalogue.ways_out import prepare_ways
from tests.browser.catalogue.ways_taken import prepare_taken
from tests.fixtures import restaurants
from tests.fixtures.world import DISTRICT, THING, World
from workflows.permissions import Actor, Grant, Role

APPLICANT = "applicant@yichuang.example"
NEWCOMER = "13900001234"
"""An applicant who has no case yet."""
PAPER = "own_articles"
SOUND = Verdict(code="sound", media_type="application/pdf", page_count=2)
COLLEAGUE = "registrar-two"
FILINGS = {
    "tax": "tax",
    "medical_insurance": "medical-insurance",
    "housing_fund": "housing-fund",
}
APPOINTMENT = {
    "appointment_on": "2027-03-01",
    "appointment_time": "at_0900",
    "branch": "高新支行，雁南路 18 号",
}
REASON = "提交的材料与登记信息不符，请核对后重新申请；对决定不服的，可以在六十日内申请行政复议。"


@dataclass
class Prepared:
    """The names that addresses of states may use."""

    database: Database
    names: dict[str, str] = field(default_factory=dict)
    cases: dict[str, CaseKey] = field(default_factory=dict)

    def path(self, template: str) -> str:
        """The address of a state in this database."""
        return template.format_map(self.names)


@dataclass
class Stage:
    """The people of the demonstration, at work in the order of the clock.

    ``draft``, ``submitted``, ``accepted`` and ``licensed`` make a case of that stage and keep it
    under a name for addresses.
    """

    world: World
    prepared: Prepared
    suffix: int = 0

    @classmethod
    def of(cls, prepared: Prepared, at: datetime, applicant: str = APPLICANT) -> "Stage":
        """The cases of this applicant, from this instant on."""
        stage = cls(World(prepared.database, at=at), prepared)
        stage.world.applicant = stage.person(applicant)
        return stage

    def person(self, account: str) -> Actor:
        """Somebody with an account, as services know them."""
        with self.world.database.transaction() as session:
            line = people.find(session, account, self.world.at)
        return Actor(id=line.id, name=line.name, grants=line.grants)

    def keep(self, name: str, key: CaseKey) -> CaseKey:
        self.prepared.names[name] = f"{key.district_code}/{key.case_id}"
        self.prepared.cases[name] = key
        return key

    def draft(self, name: str, typed: dict[str, object] | None = None) -> CaseKey:
        """A draft with some of its sections, or with none."""
        with self.world.database.transaction() as session:
            opening = cases.Opening(
                thing_code=THING, district_code=DISTRICT, opened_at=self.world.tick()
            )
            key = cases.start(session, self.world.applicant, opening, self.world.tick())
            if typed:
                cases.save_sections(session, self.world.applicant, key, typed, self.world.tick())
        return self.keep(name, key)

    def paper(
        self, key: CaseKey, name: str, verdict: Verdict | None = SOUND, material: str = PAPER
    ) -> str:
        """A file of the paper that must be uploaded, checked with this result if any; its id."""
        arrival = Arrival(
            material_code=material,
            name=name,
            size_bytes=len(name),
            content_hash=hashlib.sha256(name.encode()).digest(),
        )
        with self.world.database.transaction() as session:
            found = material_files.receive(
                session, self.world.applicant, key, arrival, self.world.tick()
            )
            if verdict and found.to_check:
                material_files.conclude(session, found.to_check.key, verdict, self.world.tick())
        return str(found.id)

    def typed(self, *, shareholders: int = 2, staff: int = 0) -> dict[str, object]:
        self.suffix += 1
        day = self.world.at.astimezone(CIVIL_ZONE).date()
        return samples.business_start_up(
            on=day, suffix=self.suffix, shareholders=shareholders, staff=staff
        )

    def submitted(self, name: str, staff: int = 0) -> CaseKey:
        key = self.draft(name, self.typed(staff=staff))
        self.world.submit(key)
        return key

    def accepted(self, name: str, staff: int = 0) -> CaseKey:
        key = self.submitted(name, staff=staff)
        self.act("registrar", key, "accept")
        return key

    def licensed(self, name: str, staff: int = 0) -> CaseKey:
        key = self.accepted(name, staff=staff)
        self.act("registrar", key, "approve", "registration")
        return key

    def act(
        self, account: str, key: CaseKey, trigger: str, item: str | None = None, **facts: Any
    ) -> None:
        self.world.act(self.person(account), key, trigger, item, **facts)

    def withdraw(self, key: CaseKey, item: str | None) -> None:
        """Have the applicant withdraw the case, or one part of it."""
        who, at = self.world.applicant, self.world.tick()
        with self.world.database.transaction() as session:
            seen = withdrawals.prospect(session, who, key, at, item)
            asked = Withdrawal(command_id=uuid4(), standing=seen.standing, item_code=item)
            withdrawals.withdraw(session, who, key, asked, at)

    def supply(self, key: CaseKey, item: str) -> None:
        """Have the applicant send what one part asked for."""
        who, at = self.world.applicant, self.world.tick()
        with self.world.database.transaction() as session:
            asked = corrections.one(session, who, key, item, at)
            assert asked is not None
            corrections.supply(session, who, key, (item, asked.command_id), at)

    def seals(self, key: CaseKey) -> None:
        for trigger in ("code", "engrave"):
            self.act("maker-jincheng", key, trigger, "seals")
        handed = {
            "recipient_name": "王小明",
            "delivery_code": self.world.delivery_code(key),
        }
        self.act("maker-jincheng", key, "deliver", "seals", inputs=handed)


def prepare(database: Database) -> Prepared:
    """Walk cases into every stage."""
    prepared, at = Prepared(database), now()
    stage = Stage.of(prepared, at - timedelta(days=12))
    _strangers(stage)
    _late(stage)
    stage.world.at = at - timedelta(hours=6)
    for part in (_drafts, _visits, _before_acceptance, _in_progress, _ended):
        part(stage)
    prepare_packages(stage)
    prepare_ways(stage)
    prepare_taken(stage)
    prepare_restaurants(stage)
    stage.keep("asking_for_time", restaurants.asking_for_time(stage.world, 9001))
    prepare_supervision(stage)
    prepare_rules(stage)
    prepare_persons(stage)
    prepare_repairs(stage)
    _tell(stage)
    watch(database, now(), None)
    prepared.names |= prepare_exports(database, stage.person("auditor"), now())
    prepared.names |= prepare_jobs(database, stage.person("operator"), now())
    return prepared


def prepare_repairs(stage: Stage) -> None:
    """A case whose registration an operator wants to rewind."""
    key = stage.licensed("to_repair")
    asked = stage.world.act(
        stage.person("operator"),
        key,
        "ask_for_repair",
        "registration",
        reason_code="operating_mistake",
        reason="登记机关录错了企业类型，需要重新核准。",
        repair=RepairDraft(verb="rewind", to_state="in_review"),
    )
    stage.prepared.names["repair_asked"] = f"{key.district_code}/{key.case_id}/{asked.event_number}"


def _strangers(stage: Stage) -> None:
    """An applicant without a case, a colleague without a password, and one who has left."""
    desk = Grant(role=Role.CLERK, district_code=DISTRICT, department_code="tax")
    newcomers = (
        (NEWCOMER, "李新来", Grant(role=Role.APPLICANT)),
        ("clerk-new", "赵新", desk),
        ("clerk-late", "孙晚到", desk),
        (
            "queue-empty",
            "周清闲",
            Grant(role=Role.CLERK, district_code="620123", department_code="tax"),
        ),
        ("auditor-new", "吴新审", Grant(role=Role.AUDITOR)),
        ("government-new", "郑区长", Grant(role=Role.GOVERNMENT, district_code="620123")),
        ("clerk-gone", "钱离岗", desk),
    )
    with stage.world.database.transaction() as session:
        for account, name, grant in newcomers:
            new = NewPerson(account=account, name=name, grants=(grant,))
            person_id = people.create(session, new, stage.world.at)
            stage.prepared.names[account] = str(person_id)
            if account == "clerk-new":
                link = invitations.invite(session, person_id, now())
        people.disable(session, person_id, stage.world.at)
    stage.prepared.names["invitation"] = link.token


def _late(stage: Stage) -> None:
    """Cases that have waited far longer than promised."""
    stage.submitted("submitted_late")
    stage.licensed("licensed_late")


def _drafts(stage: Stage) -> None:
    stage.draft("draft_new")
    stage.draft("draft_sent", {"company": {"trade_name": "星汉"}})
    typed = stage.typed()
    stage.draft("draft_begun", {code: typed[code] for code in ("company", "address")})
    typed = stage.typed(shareholders=3, staff=2)
    stage.draft("draft_complete", typed)
    stage.draft("draft_wrong", _wrong(typed))

    own = {"term": {"term_kind": "unlimited", "articles": "own"}}
    stage.draft("papers_missing", stage.typed() | own)
    key = stage.draft("papers_there", stage.typed() | own)
    stage.paper(key, "章程第一部分.pdf")
    stage.paper(key, "章程第二部分.pdf", None)
    stage.paper(key, "坏了的章程.pdf", Verdict(code="damaged"))
    key = stage.draft("papers_sent", stage.typed() | own)
    stage.paper(key, "自拟章程.pdf")
    stage.world.submit(key)


def _visits(stage: Stage) -> None:
    """What a window took in; and a code with which an applicant goes to one."""
    officer = stage.person("window")
    for name, found in prepare_visits(stage.world, officer, stage.typed()).items():
        if isinstance(found, CaseKey):
            stage.keep(name, found)
        else:
            stage.prepared.names[name] = found
    stage.draft("draft_for_window")
    with stage.world.database.transaction() as session:
        key, at = stage.prepared.cases["draft_for_window"], now() + timedelta(hours=2)
        draft_hand_overs.offer(session, stage.world.applicant, key, SECRET, at)


def _wrong(typed: dict[str, object]) -> dict[str, object]:
    """The same answers with a mistake in most sections, and one rule across sections broken."""
    holders = [dict(line) for line in _lines(typed["shareholders"])]
    holders[0] |= {"resident_id": "620102199001011234", "amount": "很多", "mobile": "123"}
    holders[1] |= {"contribution_forms": [], "contribution_due_on": {"year": "2027", "month": "13"}}
    return typed | {
        "company": {"company_kind": "joint_stock_company", "trade_name": "A"},
        "address": {"region": "620102", "postcode": "73", "right_of_use": "rented"},
        "capital": {"currency": "cny", "registered": "十二"},
        "shareholders": holders,
        "business_scope": {"entries": [], "main_entry": "I6501"},
        "seals": {"kinds": []},
        "promise": {},
    }


def _lines(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _before_acceptance(stage: Stage) -> None:
    for name in ("submitted", "submitted_mine", "submitted_taken", "submitted_staff"):
        stage.submitted(name, staff=2 if name == "submitted_staff" else 0)
    key = stage.submitted("returned")
    places = (
        door.PlaceToMend(path="company.trade_name", reason="字号与已有企业相近，请换一个。"),
        door.PlaceToMend(path="shareholders.1.mobile", reason="电话打不通，请核对。"),
        door.PlaceToMend(path="business_scope", reason="请补上实际要做的项目。"),
    )
    stage.act("registrar", key, "return", places=places)
    key = stage.submitted("resubmitted")
    stage.act("registrar", key, "return", places=places)
    with stage.world.database.transaction() as session:
        company = {
            "company": samples.business_start_up(on=stage.world.at.date(), suffix=91)["company"]
        }
        cases.save_sections(session, stage.world.applicant, key, company, stage.world.tick())
    stage.world.submit(key)
    stage.withdraw(stage.submitted("withdrawn"), None)
    key = stage.submitted("not_accepted")
    stage.act("registrar", key, "decline", reason=REASON)


def _in_progress(stage: Stage) -> None:
    stage.accepted("accepted")
    stage.withdraw(stage.accepted("part_withdrawn"), "bank_appointment")
    key = stage.accepted("pre_reviewed", staff=2)
    stage.act("tax", key, "pre_review", "tax")
    stage.licensed("licensed")
    stage.act("maker-jincheng", stage.licensed("coded"), "code", "seals")
    key = stage.licensed("engraved")
    for trigger in ("code", "engrave"):
        stage.act("maker-jincheng", key, trigger, "seals")
    key = stage.licensed("delivered")
    stage.seals(key)
    stage.act("tax", key, "approve", "tax")


def _ended(stage: Stage) -> None:
    _finish(stage, stage.licensed("completed", staff=2), refused=())
    _finish(stage, stage.licensed("partly_completed"), refused=("tax",))
    key = stage.accepted("refused")
    stage.act("registrar", key, "refuse", "registration", reason=REASON)


def _finish(stage: Stage, key: CaseKey, refused: tuple[str, ...]) -> None:
    """Have every department end its part."""
    for item, account in FILINGS.items():
        if item in refused:
            stage.act(account, key, "refuse", item, reason=REASON)
        else:
            stage.act(account, key, "approve", item)
    if "staff_enrolment" in stage.world.task_states(key) and _is_open(stage, key):
        stage.act("human-resources", key, "approve", "staff_enrolment")
    stage.act("bank", key, "approve", "bank_appointment", inputs=APPOINTMENT)
    stage.seals(key)
    stage.act("police", key, "file", "seals")


def _is_open(stage: Stage, key: CaseKey) -> bool:
    return stage.world.task_states(key)["staff_enrolment"] == "in_review"


def _tell(stage: Stage) -> None:
    """Write the notices, as the job does."""
    for name in ("returned", "accepted", "licensed", "completed"):
        key = stage.prepared.cases[name]
        rows = stage.world.rows(
            "select number from events where district_code = :district_code and case_id = :case_id",
            key,
        )
        numbers = [row["number"] for row in rows]
        with stage.world.database.transaction() as session:
            notices.tell(session, key.district_code, key.case_id, numbers, now())
