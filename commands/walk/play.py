"""The play itself: one business start-up from the guide to the auditor's page."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from catalog import registry, samples
from catalog.schema import Item
from commands.walk import applicant, officers
from commands.walk.applicant import CaseAddress
from commands.walk.pages import WalkError
from commands.walk.visitor import Visitor
from core.clock import CIVIL_ZONE, now
from services.demonstration import ACCOUNTS, DISTRICT, PASSWORD, DemonstrationAccount
from workflows.permissions import Role

THING = "business_start_up"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the auditor's pages say after the play: the case's record and the whole report."""

    case: CaseAddress
    record: Mapping[str, Any]
    report: Mapping[str, Any]

    def shortcomings(self) -> list[str]:
        """Everything that keeps the play from having gone well; empty if it went well."""
        record, balance = self.record, self.report["balance"]
        delivered = [seal for seal in record["seals"] if seal["delivered_at"]]
        avoided = [
            line["amount"]
            for line in record["transfers"]
            if line["debit_account"] == "applicants:cash_avoided"
        ]
        checks = (
            (record["state"] == "completed", f"办件状态 / state: {record['state']}"),
            (record["chain"]["valid"], f"事件链 / chain: {record['chain']['findings']}"),
            (bool(delivered), "没有印章交付 / no seal was delivered"),
            (len(avoided) == len(delivered), "交付与入账不符 / deliveries and postings differ"),
            (balance["is_balanced"], f"账目 / ledger: {balance['findings']}"),
        )
        return [words for is_right, words in checks if not is_right]


def play(base_url: str, say: Say) -> Outcome:
    """Play every role over HTTP. Raises `WalkError` where the service does not let it go on."""
    stage = _Stage(base_url, say)
    typed = samples.business_start_up(
        on=now().astimezone(CIVIL_ZONE).date(),
        district_code=DISTRICT,
        suffix=secrets.randbelow(9000) + 1000,
    )
    case = stage.apply(typed)
    thing = registry.catalogue().thing(THING)
    acceptor = thing.item(thing.accepted_by)
    stage.clerk(case, acceptor, "accept")
    stage.clerk(case, thing.item("tax"), "pre_review")
    stage.clerk(case, acceptor, "approve")
    seals = thing.item("seals")
    maker = stage.account(Role.SEAL_MAKER, str(typed["seals"]["maker"]))
    stage.officer(maker, case, seals, "code")
    stage.officer(maker, case, seals, "engrave")
    collection = {
        "recipient_name": str(typed["legal_representative"]["name"]),
        "delivery_code": stage.delivery_code(case),
    }
    stage.officer(maker, case, seals, "deliver", collection)
    stage.clerk(case, seals, "file")
    stage.clerk(case, thing.item("medical_insurance"), "approve")
    stage.clerk(case, thing.item("housing_fund"), "approve")
    stage.clerk(case, thing.item("bank_appointment"), "approve", _appointment())
    return stage.audit(case)


class _Stage:
    """The players, each with a browser of their own."""

    def __init__(self, base_url: str, say: Say) -> None:
        self._base_url = base_url
        self._say = say
        self._visitors: dict[str, Visitor] = {}
        self._applicant = Visitor(base_url, "申请人")

    def apply(self, typed: Mapping[str, Any]) -> CaseAddress:
        """Sign up, fill in, submit."""
        if applicant.sign_up(self._applicant):
            self._tell("申请人", "注册并登录 / signed up")
        else:
            [account] = [each for each in ACCOUNTS if each.grant.role is Role.APPLICANT]
            applicant.sign_in(self._applicant, account.account, PASSWORD)
            self._tell(account.name, "登录（近期注册过多，改用演示账号）/ signed in")
        case = applicant.begin(self._applicant, THING, DISTRICT)
        self._tell("申请人", "打开指南，开始填表 / guide opened, draft begun")
        count = applicant.fill_in(self._applicant, case, typed)
        self._tell("申请人", f"填完 {count} 个部分 / {count} sections filled in")
        number = applicant.submit(self._applicant, case)
        self._tell("申请人", f"提交，办件编号 / submitted, case number {number}")
        return case

    def delivery_code(self, case: CaseAddress) -> str:
        """What the applicant tells the maker at the counter."""
        return applicant.delivery_code(self._applicant, case)

    def account(self, role: Role, code: str) -> DemonstrationAccount:
        """The demonstration account of a department's clerk, or of a maker."""
        for each in ACCOUNTS:
            if each.grant.role is role and code in {
                each.grant.department_code,
                each.grant.maker_code,
            }:
                return each
        raise WalkError(f"没有演示账号 / no demonstration account: {role} {code}")

    def clerk(
        self, case: CaseAddress, item: Item, trigger: str, inputs: Mapping[str, str] | None = None
    ) -> None:
        """Let the clerk of the item's department take a step."""
        who = self.account(Role.CLERK, item.department)
        self.officer(who, case, item, trigger, inputs)

    def officer(
        self,
        who: DemonstrationAccount,
        case: CaseAddress,
        item: Item,
        trigger: str,
        inputs: Mapping[str, str] | None = None,
    ) -> None:
        """Let somebody with an account take a step from their queue."""
        officers.act(self._visitor(who), case, item.code, trigger, inputs)
        label = _label(item, trigger)
        self._tell(who.name, f"{item.title.zh}：{label[0]} / {item.title.en}: {label[1]}")

    def audit(self, case: CaseAddress) -> Outcome:
        """Read the auditor's pages and documents."""
        [account] = [each for each in ACCOUNTS if each.grant.role is Role.AUDITOR]
        auditor = self._visitor(account)
        auditor.open(auditor.open("/savings/entries").link(f"/audit/cases/{case.path}"))
        record = auditor.document(f"/audit/cases/{case.path}/record.json")
        report = auditor.document("/savings/report.json")
        self._tell(account.name, "从总数查到分录，再查到办件 / from the totals down to the case")
        return Outcome(case, record, report)

    def _visitor(self, who: DemonstrationAccount) -> Visitor:
        if who.account not in self._visitors:
            visitor = Visitor(self._base_url, who.name)
            applicant.sign_in(visitor, who.account, PASSWORD)
            self._visitors[who.account] = visitor
        return self._visitors[who.account]

    def _tell(self, who: str, what: str) -> None:
        self._say(f"{now().astimezone(CIVIL_ZONE):%H:%M:%S}  {who}  {what}")


def _label(item: Item, trigger: str) -> tuple[str, str]:
    catalogue = registry.catalogue()
    for code in (item.process, catalogue.thing(THING).case_process):
        for row in catalogue.processes[code].transitions:
            if row.trigger == trigger:
                return row.label.zh, row.label.en
    return trigger, trigger


def _appointment() -> dict[str, str]:
    """The day after tomorrow, in the morning."""
    day = now().astimezone(CIVIL_ZONE).date() + timedelta(days=2)
    return {
        "appointment_on": day.isoformat(),
        "appointment_time": "at_0900",
        "branch": "雁滩支行",
    }
