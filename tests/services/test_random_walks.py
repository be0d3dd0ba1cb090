"""After any sequence of moves: chain unbroken, ledger in step with the seals, state as computed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog.savings import BurdenLine
from core.database import Database
from core.errors import DomainError
from services import cases, definitions, demonstration, verification
from services.door import PlaceToMend
from tests.fixtures.world import THING, World, clerk_of
from workflows.case import CaseState, EndAct, state_of
from workflows.permissions import Actor
from workflows.process import StateKind

DEPARTMENTS = (
    "market_regulation",
    "public_security",
    "tax",
    "human_resources",
    "medical_insurance",
    "housing_fund",
    "bank",
)
TRIGGERS = (
    "accept",
    "return",
    "decline",
    "approve",
    "refuse",
    "pre_review",
    "claim",
    "hand_back",
    "code",
    "engrave",
    "deliver",
    "file",
    "send_back",
    "refile",
    "release",
    "cancel",
    "revoke_return",
    "withdraw",
)
NEXT_TRIGGER = {
    "submitted": "accept",
    "waiting": "pre_review",
    "ordered": "code",
    "coded": "engrave",
    "engraved": "deliver",
    "delivered": "file",
    "bounced": "refile",
}
ITEMS = (
    None,
    "registration",
    "seals",
    "tax",
    "social_insurance",
    "staff_enrolment",
    "medical_insurance",
    "housing_fund",
    "bank_appointment",
)


class Walk(RuleBasedStateMachine):
    """One case; every rule is one attempt, which may be refused in a sentence."""

    database: Database

    @initialize(staff=st.integers(0, 2))
    def begin(self, staff: int) -> None:
        self.world = World(self.database)
        self.key = self.world.submitted(staff=staff)
        self.clerks: dict[str, Actor] = {code: clerk_of(code) for code in DEPARTMENTS}

    @rule(
        department=st.sampled_from(DEPARTMENTS),
        trigger=st.sampled_from(TRIGGERS),
        item=st.sampled_from(ITEMS),
        reason=st.sampled_from(["", "理由充分"]),
    )
    def anyone_tries_anything(
        self, department: str, trigger: str, item: str | None, reason: str
    ) -> None:
        by_maker = trigger in {"code", "engrave", "deliver", "refile"}
        who = self.world.maker if by_maker else self.clerks[department]
        self.attempt(who, trigger, item, reason)

    @rule()
    def the_right_officer_goes_on(self) -> None:
        """Without this most walks would end in the first states."""
        rows = self.world.rows(
            "select item_code, handler_code, state from queue_entries"
            " where handling_district_code = :district_code and case_id = :case_id"
            " order by item_code limit 1",
            self.key,
        )
        if not rows:
            return
        kind, code = rows[0]["handler_code"].split(":")
        state = rows[0]["state"]
        item = None if state == "submitted" else rows[0]["item_code"]
        who = self.world.maker if kind == "maker" else self.clerks[code]
        self.attempt(who, NEXT_TRIGGER.get(state, "approve"), item, "")

    @precondition(lambda self: self.world.state(self.key) == "submitted")
    @rule(new_fact=st.sampled_from(["", "来函说明门牌变更"]))
    def the_officer_returns_it(self, new_fact: str) -> None:
        """A second list for the same place is refused without a new fact."""
        self.attempt(self.clerks["market_regulation"], "return", None, "", new_fact)

    @precondition(lambda self: self.world.state(self.key) == "returned")
    @rule(detail=st.sampled_from(["雁园路 1 号 302 室", "雁园路 1 号 303 室"]))
    def the_applicant_mends(self, detail: str) -> None:
        with self.database.transaction() as session:
            typed = dict(cases.draft(session, self.world.applicant, self.key).typed)
            posted = {"address": {**typed["address"], "detail": detail}, "term": {}}
            cases.save_sections(session, self.world.applicant, self.key, posted, self.world.tick())

    @precondition(lambda self: self.world.state(self.key) == "returned")
    @rule()
    def the_applicant_submits_again(self) -> None:
        self.world.submit(self.key)

    @precondition(lambda self: self.world.state(self.key) == "returned")
    @rule()
    def the_request_is_taken_back(self) -> None:
        self.attempt(self.clerks["market_regulation"], "revoke_return", None, "看错了")

    @rule(sure=st.integers(0, 5), item=st.sampled_from([None, "bank_appointment", "tax"]))
    def the_applicant_withdraws(self, sure: int, item: str | None) -> None:
        """Seldom the whole case: it is the end of most of the walk."""
        if item is not None or sure == 0:
            self.attempt(self.world.applicant, "withdraw", item, "")

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        self.world.tick(minutes)

    @invariant()
    def the_chain_is_unbroken(self) -> None:
        with self.database.transaction() as session:
            report = verification.verify_chain(session, self.key.district_code, self.key.case_id)
        assert report.valid, report

    @invariant()
    def the_case_is_where_its_tasks_brought_it(self) -> None:
        state = self.world.state(self.key)
        with self.database.transaction() as session:
            definition = definitions.current(session, THING)
        kinds = [
            definition.engine_of(definition.thing.item(item)).state(task).kind
            for item, task in self.world.task_states(self.key).items()
        ]
        end_act = self.world.value(
            "select end_act from cases where district_code = :district_code and id = :case_id",
            self.key,
        )
        if kinds or end_act:
            assert state == state_of(EndAct(end_act) if end_act else None, kinds)
        else:
            assert state in {CaseState.SUBMITTED, CaseState.RETURNED, CaseState.NOT_ACCEPTED}

    @invariant()
    def after_a_withdrawal_only_what_has_no_way_out_goes_on(self) -> None:
        if self.world.state(self.key) == "withdrawn":
            open_states = {"engraved", "delivered", "bounced"}
            final = {"approved", "refused", "cancelled", "not_required", "withdrawn", "filed"}
            assert set(self.world.task_states(self.key).values()) <= open_states | final

    @invariant()
    def what_was_not_named_is_as_it_was_sent(self) -> None:
        with self.database.transaction() as session:
            typed = cases.draft(session, self.world.applicant, self.key).typed
        sent = self.world.rows(
            "select typed from submissions where district_code = :district_code"
            " and case_id = :case_id and answers is not null order by event_number desc limit 1",
            self.key,
        )[0]["typed"]
        for section in sent:
            if section != "address":
                assert typed[section] == sent[section]

    @invariant()
    def the_money_is_the_delivered_seals_at_their_prices_and_names_its_fund(self) -> None:
        delivered = self.world.value(
            "select count(*) from seals where district_code = :district_code"
            " and case_id = :case_id and delivered_at is not null",
            self.key,
        )
        rows = [row for row in self.transfers() if row["commodity"] == "CNY"]

        prices = demonstration.PRICES
        assert sides(rows, "CNY") == {
            "applicants:cash_avoided": delivered * prices.market_price_fen,
            "public_budget:benefits_granted": -delivered * prices.market_price_fen,
            "public_budget:cost": delivered * prices.contract_price_fen,
            "makers:jincheng:payable": -delivered * prices.contract_price_fen,
        } or (rows, delivered) == ([], 0)
        assert {row["fund_code"] for row in rows} <= {"first_seals_gaoxin"}

    @invariant()
    def the_burden_is_baseline_less_actual_of_what_was_granted(self) -> None:
        with self.database.transaction() as session:
            definition = definitions.current(session, THING)
        expected: Counter[str] = Counter()
        for code, state in self.world.task_states(self.key).items():
            item = definition.thing.item(code)
            if definition.engine_of(item).state(state).kind is StateKind.POSITIVE:
                for line in item.savings:
                    if isinstance(line, BurdenLine):
                        expected[line.commodity] += line.baseline.amount - line.actual.amount
        rows = self.transfers()

        for commodity in ("MINUTE", "TRIP", "PAGE"):
            found = sides(rows, commodity)
            assert found.pop("applicants:burden_avoided", 0) == expected[commodity]
            assert found.pop("baseline:burden", 0) == -expected[commodity]
            assert not found

    def transfers(self) -> list[Mapping[str, Any]]:
        return self.world.rows(
            "select commodity, debit_account, credit_account, amount, fund_code from transfers"
            " where district_code = :district_code and case_id = :case_id",
            self.key,
        )

    def attempt(
        self, who: Actor, trigger: str, item: str | None, reason: str, new_fact: str = ""
    ) -> None:
        """Try one command; a refusal must be a sentence in both languages."""
        mend = PlaceToMend(path="address.detail", reason="缺房号", new_fact=new_fact)
        try:
            self.world.act(
                who,
                self.key,
                trigger,
                item,
                reason=reason,
                places=(mend,) if trigger == "return" else (),
                inputs=self._inputs(trigger),
            )
        except DomainError as error:
            refused = error.sentence
        else:
            return
        assert refused.zh
        assert refused.en

    def _inputs(self, trigger: str) -> dict[str, object]:
        if trigger != "deliver":
            return {}
        rows = self.world.rows(
            "select delivery_code from seal_orders"
            " where district_code = :district_code and case_id = :case_id",
            self.key,
        )
        code = rows[0]["delivery_code"] if rows else "000000"
        return {"recipient_name": "王小明", "delivery_code": code}


def sides(rows: Iterable[Mapping[str, Any]], commodity: str) -> dict[str, int]:
    """Debits less credits of each account in one commodity; together they are nothing."""
    found: Counter[str] = Counter()
    for row in rows:
        if row["commodity"] == commodity:
            found[row["debit_account"]] += row["amount"]
            found[row["credit_account"]] -= row["amount"]
    assert sum(found.values()) == 0
    return dict(found)


def run_walks(database: Database, *, examples: int, steps: int, seed: int | None = None) -> None:
    """Walk ``examples`` cases of at most ``steps`` moves each; ``seed`` repeats a run."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = type("WalkHere", (Walk,), {"database": database})
    if seed is not None:
        machine = hypothesis.seed(seed)(machine)
    run_state_machine_as_test(machine, settings=chosen)


def test_after_any_sequence_of_moves_chain_ledger_and_state_agree(database: Database) -> None:
    run_walks(database, examples=18, steps=30)
