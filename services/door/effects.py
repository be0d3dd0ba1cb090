"""What transitions do beside moving the state: one function per effect of the definition."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from catalog import expressions, identifiers, regions, register_numbers, registry
from catalog.routing import Office
from catalog.schema import Item, OutputDefinition
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.base import new_id
from models.output import SealStatus
from services.door.changes import EventDraft
from services.door.commitments import lift_credit, mark_credit, repair_credit
from services.door.corrections import ask_for_corrections, restore_part, take_corrections
from services.door.decision import Decision
from services.door.extensions import (
    answer_extension,
    ask_to_extend,
    extend_case,
    extend_limit,
)
from services.door.inspections import ask_for_another_day, set_inspection_day
from services.door.pauses import note_hearing, set_hearing_day, tell_expected_days
from services.door.placing import placing
from services.door.posting import post_money
from services.door.reopening import deem_accepted, reopen_case, reopen_for_corrections
from services.door.returns import ask_to_mend, restore_submission
from services.door.revocations import reverse_postings, revoke_outputs
from services.door.snapshot import SealRow, TaskRow
from services.door.tolerance import lapse_promises, supply_tolerated, tolerate
from services.door.transfers import route_task, transfer, transfer_case
from services.door.withdrawals import (
    answer_withdrawal,
    ask_to_withdraw,
    end_by_lapse,
    end_by_withdrawal,
)
from workflows.process import Effect

SIMULATED_REGION = regions.SYNTHETIC
WRONG_DELIVERY_CODE = Text(
    zh="领取码不对。请让领取人出示办件页面上的六位领取码，再填一次。",
    en="The delivery code is wrong. Ask the recipient for the six digits on their case page.",
)


def apply_effects(
    decision: Decision, effects: tuple[Effect, ...], event: EventDraft, task: TaskRow | None
) -> None:
    """Carry out a transition's effects; ``task`` is None for the case's own transitions."""
    for effect in effects:
        if task is None:
            CASE_EFFECTS[effect](decision, event)
        else:
            TASK_EFFECTS[effect](decision, event, task)


def fan_out(decision: Decision, event: EventDraft) -> None:
    """Create one task per item; those that the answers do not call for are not required."""
    answers = decision.answers()
    facts = expressions.Facts(answers)
    placed = placing(decision, event, facts)
    for item in decision.definition.thing.items:
        required = item.when is None or facts.decide(item.when) is not False
        here = Office(district_code=decision.accepted_in)
        office = placed.office(item) if required else here
        process = decision.definition.processes[item.process]
        task = TaskRow(
            item_code=item.code,
            department_code=item.department,
            handling_district_code=office.district_code,
            maker_code=_maker(item, answers),
            state=process.initial,
        )
        if not required:
            decision.skipped.add(item.code)
        decision.tasks[item.code] = task
        decision.changes.new_tasks.append(task)
        row = {"item_code": item.code, "state": task.state}
        is_here = office.district_code == decision.district_code
        event.wrote("tasks", row if is_here else row | {"handled_in": office.district_code})
        route_task(decision, event, task, office)


def issue_credit_code(decision: Decision, _event: EventDraft, _task: TaskRow) -> None:
    """Give the company a simulated unified social credit code (GB 32100), once.

    The real code comes from the national register, to which nothing here is connected; so the
    code has a region that no place has, and can belong to nobody.
    """
    if decision.column("credit_code"):
        return  # granted before, and for life
    serial = decision.allocate(SIMULATED_REGION, "credit_code", 1)
    decision.changes.case["credit_code"] = identifiers.make_credit_code(SIMULATED_REGION, serial)


def issue_outputs(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Write the item's outputs with their numbers; the hash of the event covers them."""
    item = decision.definition.thing.item(task.item_code)
    for output in item.outputs:
        row = {
            "item_code": item.code,
            "output_code": output.code,
            "number": _fresh_number(decision, item, output),
        }
        event.wrote("outputs", dict(row))
        decision.changes.outputs.append(
            row | {"event_number": decision.event_number(event), "issued_at": decision.at}
        )


def order_seals(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Order the seals that the applicant asked for, and make the delivery code."""
    item = decision.definition.thing.item(task.item_code)
    if item.seal_order is None or task.maker_code is None:
        raise ValueError(f"{item.code} makes seals but says not which")
    answers = decision.answers()
    material = str(at_path(answers, item.seal_order.material))
    for kind in at_path(answers, item.seal_order.kinds):
        seal = SealRow(
            id=new_id(),
            item_code=item.code,
            kind=str(kind),
            material=material,
            maker_code=task.maker_code,
            status=SealStatus.ORDERED.value,
            code=None,
            ordered_at=decision.at,
        )
        decision.changes.new_seals.append(seal)
        event.wrote("seals", {"id": str(seal.id), "kind": seal.kind, "status": seal.status})
    if decision.snapshot.delivery_code is not None:
        return  # ordered before, and cancelled since: its code stays with the applicant
    decision.changes.seal_order = {
        "maker_code": task.maker_code,
        "delivery_code": f"{secrets.randbelow(1_000_000):06d}",
        "ordered_at": decision.at,
    }


def code_seals(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Give each seal its 13-digit code, beginning with the region (domain 1.6)."""
    seals = _seals(decision, task)
    region = region_of(decision.district_code)
    first = decision.allocate(region, "seal_code", len(seals))
    for offset, seal in enumerate(seals):
        seal.code = identifiers.make_seal_code(region, first + offset)
        seal.coded_at = decision.at
        _mark(decision, event, seal, SealStatus.CODED)


def engrave_seals(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Record that the seals are engraved and ready to be handed over."""
    for seal in _seals(decision, task):
        seal.engraved_at = decision.at
        _mark(decision, event, seal, SealStatus.ENGRAVED)


def deliver_seals(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Record the delivery against the recipient's code, and post the saving (design 5)."""
    typed = str(decision.command.inputs.get("delivery_code", ""))
    if not hmac.compare_digest(typed.encode(), str(decision.snapshot.delivery_code).encode()):
        raise RuleViolatedError((Problem("delivery_code", WRONG_DELIVERY_CODE),))
    seals = _seals(decision, task)
    for seal in seals:
        seal.delivered_at = decision.at
        _mark(decision, event, seal, SealStatus.DELIVERED)
    post_money(decision, event, task, seals)


def file_seals(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Record that public security has the imprints on file."""
    for seal in _seals(decision, task):
        seal.filed_at = decision.at
        _mark(decision, event, seal, SealStatus.FILED)


CASE_EFFECTS: dict[Effect, Callable[[Decision, EventDraft], None]] = {
    Effect.FAN_OUT: fan_out,
    Effect.ASK_TO_MEND: ask_to_mend,
    Effect.RESTORE_SUBMISSION: restore_submission,
    Effect.TOLERATE: tolerate,
    Effect.SUPPLY_TOLERATED: supply_tolerated,
    Effect.LAPSE_PROMISES: lapse_promises,
    Effect.DEEM_ACCEPTED: deem_accepted,
    Effect.ASK_TO_WITHDRAW: ask_to_withdraw,
    Effect.ANSWER_WITHDRAWAL: answer_withdrawal,
    Effect.END_BY_WITHDRAWAL: end_by_withdrawal,
    Effect.END_BY_LAPSE: end_by_lapse,
    Effect.REOPEN_CASE: reopen_case,
    Effect.REOPEN_FOR_CORRECTIONS: reopen_for_corrections,
    Effect.TRANSFER: transfer_case,
    Effect.ASK_TO_EXTEND: ask_to_extend,
    Effect.EXTEND_LIMIT: extend_case,
    Effect.ANSWER_EXTENSION: answer_extension,
    Effect.ASK_CONSENT: lambda _decision, _event: None,  # the step's own event is all
}
TASK_EFFECTS: dict[Effect, Callable[[Decision, EventDraft, TaskRow], None]] = {
    Effect.ASK_TO_MEND: ask_for_corrections,
    Effect.RESTORE_SUBMISSION: restore_part,
    Effect.TAKE_CORRECTIONS: take_corrections,
    Effect.ISSUE_CREDIT_CODE: issue_credit_code,
    Effect.ISSUE_OUTPUTS: issue_outputs,
    Effect.ORDER_SEALS: order_seals,
    Effect.CODE_SEALS: code_seals,
    Effect.ENGRAVE_SEALS: engrave_seals,
    Effect.DELIVER_SEALS: deliver_seals,
    Effect.FILE_SEALS: file_seals,
    Effect.TELL_EXPECTED_DAYS: tell_expected_days,
    Effect.SET_HEARING_DAY: set_hearing_day,
    Effect.NOTE_HEARING: note_hearing,
    Effect.SET_INSPECTION_DAY: set_inspection_day,
    Effect.ASK_FOR_ANOTHER_DAY: ask_for_another_day,
    Effect.ASK_CONSENT: lambda _decision, _event, _task: None,  # the step's own event is all
    Effect.EXTEND_LIMIT: extend_limit,
    Effect.REVOKE_OUTPUTS: revoke_outputs,
    Effect.REVERSE_POSTINGS: reverse_postings,
    Effect.MARK_CREDIT: mark_credit,
    Effect.REPAIR_CREDIT: repair_credit,
    Effect.LIFT_CREDIT: lift_credit,
    Effect.TRANSFER: transfer,
}


def at_path(answers: Mapping[str, Any], path: str) -> Any:
    """The answer at ``section.field``. Raises KeyError if it was not asked."""
    section, name = path.split(".")
    return answers[section][name]


def region_of(district_code: str) -> str:
    """The six digits of GB/T 2260 that a district's codes begin with."""
    return registry.catalogue().districts[district_code].region_code


def _maker(item: Item, answers: Mapping[str, Any]) -> str | None:
    return str(at_path(answers, item.seal_order.maker)) if item.seal_order else None


def _seals(decision: Decision, task: TaskRow) -> list[SealRow]:
    return [
        seal
        for seal in decision.snapshot.seals
        if seal.item_code == task.item_code and seal.status != SealStatus.CANCELLED
    ]


def _mark(decision: Decision, event: EventDraft, seal: SealRow, status: SealStatus) -> None:
    seal.status = status.value
    decision.changes.changed_seals[seal.id] = seal
    row = {"id": str(seal.id), "status": seal.status}
    event.wrote("seals", row | ({"code": seal.code} if status is SealStatus.CODED else {}))


def _output_number(decision: Decision, item: Item, output: OutputDefinition) -> str:
    if output.number_from == "credit_code":
        return str(decision.column("credit_code"))
    if output.number_pattern is not None:
        series = f"output:{decision.definition.thing.code}:{item.code}:{output.code}"
        serial = decision.allocate(SIMULATED_REGION, series, 1)
        return register_numbers.make(output.number_pattern, SIMULATED_REGION, serial)
    if output.number_from == "input":
        return str(decision.command.inputs[str(output.input)])
    order = [
        (other.code, each.code)
        for other in decision.definition.thing.items
        for each in other.outputs
    ]
    return f"{decision.case_number}/{order.index((item.code, output.code)) + 1:02d}"


def _fresh_number(decision: Decision, item: Item, output: OutputDefinition) -> str:
    """Its number; what is issued again after it was revoked is told apart by a count."""
    number = _output_number(decision, item, output)
    process = decision.engine(item).process
    is_revocable = any(Effect.REVOKE_OUTPUTS in row.effects for row in process.transitions)
    if output.number_from == "credit_code" or not (is_revocable or decision.case["repaired_at"]):
        return number
    before = decision.records.issued(item.code).get(output.code)
    if before is None:
        return number
    count = before.number.removeprefix(f"{number}-")
    return f"{number}-{int(count) + 1 if count.isdecimal() else 2}"
