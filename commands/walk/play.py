"""The play itself: one application of any one-thing, from the guide to the auditor's page."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog import demonstrations, registry
from catalog.demonstrations import Demonstration
from catalog.schema import OneThing
from commands.walk import applicant, papers
from commands.walk.applicant import CaseAddress
from commands.walk.pages import WalkError
from commands.walk.replies import reply
from commands.walk.visitor import Visitor
from commands.walk.work import Desk
from core.clock import CIVIL_ZONE, now
from services.demonstration import ACCOUNTS, DISTRICT, PASSWORD, DemonstrationAccount
from workflows.permissions import Role

MOST_ROUNDS = 60
AT_WORK = frozenset({Role.CLERK, Role.HEAD, Role.SEAL_MAKER})
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the auditor's pages say after the play: the case's record and the whole report."""

    case: CaseAddress
    record: Mapping[str, Any]
    report: Mapping[str, Any]
    makes_seals: bool = True

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
            (bool(delivered) is self.makes_seals, "没有印章交付 / no seal was delivered"),
            (len(avoided) == len(delivered), "交付与入账不符 / deliveries and postings differ"),
            (balance["is_balanced"], f"账目 / ledger: {balance['findings']}"),
        )
        return [words for is_right, words in checks if not is_right]


def play(base_url: str, thing_code: str, say: Say) -> Outcome:
    """Play every role over HTTP.

    Raises `NotFoundError` if there is no such one-thing, `WalkError` where the service does not let
    it go on.
    """
    played = demonstrations.played(
        thing_code,
        on=now().astimezone(CIVIL_ZONE).date(),
        district_code=DISTRICT,
        suffix=secrets.randbelow(9000) + 1000,
    )
    stage = _Stage(base_url, registry.catalogue().thing(thing_code), played, say)
    stage.apply()
    for _round in range(MOST_ROUNDS):
        if not stage.everybody_works():
            break
    return stage.audit()


class _Stage:
    """The players, each with a browser of their own."""

    def __init__(self, base_url: str, thing: OneThing, played: Demonstration, say: Say) -> None:
        self._base_url, self._thing, self._played, self._say = base_url, thing, played, say
        self._visitors: dict[str, Visitor] = {}
        self._applicant = Visitor(base_url, "申请人")
        self._desk: Desk | None = None

    def apply(self) -> None:
        """Sign up, fill in, upload what is asked for, submit."""
        if applicant.sign_up(self._applicant):
            self._tell("申请人", "注册并登录 / signed up")
        else:
            [account] = [each for each in ACCOUNTS if each.grant.role is Role.APPLICANT]
            applicant.sign_in(self._applicant, account.account, PASSWORD)
            self._tell(account.name, "登录（近期注册过多，改用演示账号）/ signed in")
        case = applicant.begin(self._applicant, self._thing.code, DISTRICT)
        self._tell("申请人", "打开指南，开始填表 / guide opened, draft begun")
        count = applicant.fill_in(self._applicant, case, self._played.answers)
        self._tell("申请人", f"填完 {count} 个部分 / {count} sections filled in")
        later = papers.promised(self._thing, self._played.answers)
        sent = papers.upload(self._applicant, case, self._thing, later)
        if sent:
            self._tell("申请人", f"上传 {len(sent)} 份材料 / {len(sent)} papers uploaded")
        number = applicant.submit(self._applicant, case)
        self._tell("申请人", f"提交，办件编号 / submitted, case number {number}")
        self._desk = Desk(self._thing, self._played, case, number, self._delivery_code)

    def everybody_works(self) -> bool:
        """Each officer and the applicant take what lies before them; False if nobody had any."""
        desk, has_moved = self._at_desk(), False
        for who in ACCOUNTS:
            if who.grant.role in AT_WORK:
                visitor = self._visitor(who)
                for words in desk.work(visitor):
                    self._tell(who.name, words)
                    has_moved = True
        for words in reply(self._applicant, desk.case, self._thing, self._played):
            self._tell("申请人", words)
            has_moved = True
        return has_moved

    def audit(self) -> Outcome:
        """Read the auditor's pages and documents. Raises `WalkError` if somebody was refused."""
        desk = self._at_desk()
        [account] = [each for each in ACCOUNTS if each.grant.role is Role.AUDITOR]
        auditor = self._visitor(account)
        auditor.open(auditor.open("/savings/entries").link(f"/audit/cases/{desk.case.path}"))
        record = auditor.document(f"/audit/cases/{desk.case.path}/record.json")
        report = auditor.document("/savings/report.json")
        self._tell(account.name, "从总数查到分录，再查到办件 / from the totals down to the case")
        if record["state"] != "completed" and desk.refusals:
            raise WalkError("\n".join(desk.refusals[-3:]))
        makes_seals = any(item.seal_order for item in self._thing.items)
        return Outcome(desk.case, record, report, makes_seals)

    def _at_desk(self) -> Desk:
        if self._desk is None:
            raise WalkError("没有提交 / nothing was submitted")
        return self._desk

    def _delivery_code(self) -> str:
        """What the applicant tells the maker at the counter."""
        return applicant.delivery_code(self._applicant, self._at_desk().case)

    def _visitor(self, who: DemonstrationAccount) -> Visitor:
        if who.account not in self._visitors:
            visitor = Visitor(self._base_url, who.name)
            applicant.sign_in(visitor, who.account, PASSWORD)
            self._visitors[who.account] = visitor
        return self._visitors[who.account]

    def _tell(self, who: str, what: str) -> None:
        self._say(f"{now().astimezone(CIVIL_ZONE):%H:%M:%S}  {who}  {what}")
