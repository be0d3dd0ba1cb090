"""What the public is told of a paper: a table over every kind of paper and every end of a case."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog import registry
from services.document_standings import Standing, Step, is_decision, standing
from workflows.engine import Engine
from workflows.process import Process

BEGAN = datetime(2026, 9, 18, 2, tzinfo=UTC)
PROCESSES = ("case", "case_licensing", "commitment", "joint_inspection", "licence", "registration")


def engine_of(code: str) -> Engine:
    return Engine(registry.catalogue().processes[code])


def walked(code: str, path: str) -> list[Step]:
    """The steps of a path, one a day, each with the paper that it issues."""
    engine, steps = engine_of(code), []
    state, *triggers = path.split()
    for number, trigger in enumerate(triggers, 1):
        row = engine.row(state, trigger)
        assert row is not None, (state, trigger)
        steps.append(
            Step(
                number=number,
                at=BEGAN + timedelta(days=number),
                trigger=trigger,
                from_state=state,
                to_state=row.destination,
                kind=row.document.code if row.document else None,
                serial=f"{row.document.code}/{number}" if row.document else None,
            )
        )
        state = row.destination
    return steps


def answer(code: str, path: str, kind: str) -> Standing:
    """How the first paper of this kind stands after the path."""
    steps = walked(code, path)
    issued = next(step for step in steps if step.kind == kind)
    return standing(engine_of(code), steps, issued.number)


GRANT, REFUSAL, REVOCATION = "granting_decision", "refusing_decision", "revoking_decision"
TABLE = (
    # decisions on a licence
    ("licence", "prepared approve", GRANT, "valid", None),
    ("licence", "prepared approve_with_conditions", GRANT, "valid", None),
    ("licence", "prepared approve revoke", GRANT, "revoked", "revoking_decision/2"),
    ("licence", "prepared approve revoke", REVOCATION, "valid", None),
    ("licence", "prepared approve revoke reopen", GRANT, "revoked", "revoking_decision/2"),
    ("licence", "prepared approve revoke reopen", REVOCATION, "reopened", None),
    (
        "licence",
        "prepared approve revoke reopen prepare_decision approve",
        REVOCATION,
        "replaced",
        "granting_decision/5",
    ),
    ("licence", "prepared refuse", REFUSAL, "valid", None),
    ("licence", "prepared refuse reopen", REFUSAL, "reopened", None),
    ("licence", "prepared refuse reopen cancel", REFUSAL, "reopened", None),
    (
        "licence",
        "prepared refuse reopen prepare_decision approve",
        REFUSAL,
        "replaced",
        "granting_decision/4",
    ),
    ("licence", "in_review refuse_overdue", REFUSAL, "valid", None),
    ("licence", "in_review deem_withdrawn", "termination_notice", "valid", None),
    ("licence", "in_review deem_withdrawn reopen", "termination_notice", "reopened", None),
    # papers on the way of a licence
    ("licence", "in_review request_corrections", "correction_notice", "current", None),
    (
        "licence",
        "in_review request_corrections supply_corrections",
        "correction_notice",
        "followed",
        None,
    ),
    (
        "licence",
        "in_review request_corrections end_corrections",
        "correction_notice",
        "taken_back",
        None,
    ),
    (
        "licence",
        "in_review request_corrections corrections_overdue",
        "correction_notice",
        "followed",
        None,
    ),
    ("licence", "in_review request_corrections cancel", "correction_notice", "followed", None),
    (
        "licence",
        "in_review begin_special_procedure",
        "special_procedure_notice",
        "current",
        None,
    ),
    (
        "licence",
        "in_review begin_special_procedure end_special_procedure",
        "special_procedure_notice",
        "followed",
        None,
    ),
    ("licence", "in_review tell_hearing_right", "hearing_right_notice", "current", None),
    (
        "licence",
        "in_review tell_hearing_right ask_for_hearing decline_hearing",
        "hearing_declined_notice",
        "current",
        None,
    ),
    ("licence", "in_review order_hearing", "hearing_summons", "current", None),
    (
        "licence",
        "in_review order_hearing hold_hearing",
        "hearing_summons",
        "followed",
        "hearing_record/2",
    ),
    ("licence", "in_review order_hearing hold_hearing", "hearing_record", "current", None),
    (
        "licence",
        "in_review order_hearing hold_hearing close_hearing",
        "hearing_record",
        "followed",
        None,
    ),
    ("licence", "in_review extend prepare_decision", "extension_notice", "current", None),
    ("licence", "in_review extend prepare_decision approve", "extension_notice", "followed", GRANT),
    # a commitment
    ("commitment", "promised decide_on_commitment", "commitment_decision", "valid", None),
    ("commitment", "promised decide_on_commitment verify", "commitment_decision", "valid", None),
    ("commitment", "promised decide_on_commitment verify", "verification_record", "current", None),
    (
        "commitment",
        "promised decide_on_commitment order_to_rectify",
        "commitment_decision",
        "valid",
        None,
    ),
    (
        "commitment",
        "promised decide_on_commitment order_to_rectify",
        "rectification_order",
        "current",
        None,
    ),
    (
        "commitment",
        "promised decide_on_commitment order_to_rectify report_rectified",
        "rectification_order",
        "followed",
        None,
    ),
    (
        "commitment",
        "promised decide_on_commitment order_to_rectify rectification_overdue revoke",
        "commitment_decision",
        "revoked",
        "revoking_decision/4",
    ),
    (
        "commitment",
        "promised decide_on_commitment verify revoke_at_once",
        "verification_record",
        "followed",
        "revoking_decision/3",
    ),
    (
        "commitment",
        "promised decide_on_commitment revoke_at_once repair_credit",
        REVOCATION,
        "valid",
        None,
    ),
    ("commitment", "in_review record_inspection", "inspection_record", "current", None),
    ("commitment", "in_review record_inspection approve", GRANT, "valid", None),
    ("commitment", "in_review record_inspection approve", "inspection_record", "followed", GRANT),
    ("commitment", "in_review record_inspection refuse", REFUSAL, "valid", None),
    # an inspection
    ("joint_inspection", "to_schedule schedule", "inspection_appointment", "current", None),
    (
        "joint_inspection",
        "to_schedule schedule reschedule",
        "inspection_appointment",
        "replaced",
        "inspection_appointment/2",
    ),
    (
        "joint_inspection",
        "to_schedule schedule ask_for_another_day confirm_another_day",
        "inspection_appointment",
        "replaced",
        "inspection_appointment/3",
    ),
    (
        "joint_inspection",
        "to_schedule schedule record_met countersign",
        "inspection_record",
        "followed",
        None,
    ),
    (
        "joint_inspection",
        "to_schedule schedule record_to_rectify order_to_rectify",
        "rectification_notice",
        "current",
        None,
    ),
    (
        "joint_inspection",
        "to_schedule schedule record_to_rectify order_to_rectify report_rectified",
        "rectification_notice",
        "followed",
        None,
    ),
    # a registration
    ("registration", "in_review extend", "registration_extension_notice", "current", None),
    ("registration", "in_review extend refuse", "registration_extension_notice", "followed", None),
    # the case itself, by every end
    ("case_licensing", "draft submit", "receipt_of_papers", "current", None),
    ("case_licensing", "draft submit accept", "receipt_of_papers", "followed", "acceptance_notice"),
    ("case_licensing", "submitted accept", "acceptance_notice", "current", None),
    ("case_licensing", "submitted deem_accepted", "acceptance_notice", "current", None),
    ("case_licensing", "submitted accept complete", "acceptance_notice", "followed", None),
    ("case_licensing", "submitted accept complete_partly", "acceptance_notice", "followed", None),
    ("case_licensing", "submitted accept refuse", "acceptance_notice", "followed", None),
    (
        "case_licensing",
        "submitted accept ask_to_withdraw confirm_withdrawal",
        "acceptance_notice",
        "followed",
        "termination_notice",
    ),
    (
        "case_licensing",
        "submitted accept ask_to_withdraw confirm_withdrawal",
        "termination_notice",
        "valid",
        None,
    ),
    (
        "case_licensing",
        "submitted accept ask_to_withdraw confirm_withdrawal reopen",
        "termination_notice",
        "reopened",
        None,
    ),
    ("case_licensing", "submitted accept_with_tolerance", "tolerance_notice", "current", None),
    ("case_licensing", "submitted ask_for_corrections", "correction_notice", "current", None),
    (
        "case_licensing",
        "submitted ask_for_corrections revoke_return",
        "correction_notice",
        "taken_back",
        None,
    ),
    (
        "case_licensing",
        "submitted ask_for_corrections submit",
        "correction_notice",
        "followed",
        "receipt_of_papers",
    ),
    (
        "case_licensing",
        "submitted ask_for_corrections withdraw",
        "correction_notice",
        "followed",
        None,
    ),
    (
        "case_licensing",
        "submitted ask_for_corrections lapse",
        "correction_notice",
        "followed",
        None,
    ),
    (
        "case_licensing",
        "submitted ask_for_corrections lapse reopen",
        "reopening_notice",
        "current",
        None,
    ),
    ("case_licensing", "submitted tell_not_needed", "not_needed_notice", "valid", None),
    ("case_licensing", "submitted tell_not_ours", "non_acceptance_decision", "valid", None),
    ("case_licensing", "submitted decline", "non_acceptance_decision", "valid", None),
    ("case_licensing", "in_progress extend complete", "extension_notice", "followed", None),
)


@pytest.mark.parametrize(("process", "path", "kind", "code", "serial"), TABLE)
def test_a_paper_stands_as_the_table_says(
    process: str, path: str, kind: str, code: str, serial: str | None
) -> None:
    found = answer(process, path, kind)

    assert found.code == code
    assert (found.serial or "").startswith(serial or "")
    assert bool(found.serial) is bool(serial)
    for words in (found.words, found.short):
        assert "None" not in words.zh + words.en
    assert found.serial is None or found.serial in found.words.zh
    assert (found.since is None) is (code in {"valid", "current"})


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("", "current"),
        (" reschedule", "replaced"),
        (" ask_for_another_day confirm_another_day", "replaced"),
        (" record_met", "followed"),
    ],
)
def test_a_visit_that_was_moved_stands_by_its_newest_notice_alone(more: str, code: str) -> None:
    steps = walked("joint_inspection", "to_schedule schedule reschedule" + more)

    assert standing(engine_of("joint_inspection"), steps, 2).code == code


def test_the_table_has_every_kind_of_paper_and_every_end_of_a_case() -> None:
    processes = [registry.catalogue().processes[code] for code in PROCESSES]
    issued = {row.document.code for each in processes for row in each.transitions if row.document}
    assert issued == {kind for _process, _path, kind, *_ in TABLE}
    ends = {step.to_state for code, path, *_ in TABLE for step in walked(code, path)}
    licensing = registry.catalogue().processes["case_licensing"]
    assert {each.code for each in licensing.states if each.kind.is_final} <= ends


def test_a_grant_that_was_revoked_and_granted_anew_names_both_papers() -> None:
    path = "prepared approve revoke reopen prepare_decision approve"
    found = answer("licence", path, GRANT)
    assert (found.serial, found.next_serial) == ("revoking_decision/2", "granting_decision/5")
    assert "revoking_decision/2" in found.words.zh
    assert "granting_decision/5" in found.words.en


@pytest.mark.parametrize("code", PROCESSES)
def test_whatever_follows_a_decision_it_is_valid_only_while_its_end_stands(code: str) -> None:
    """Every paper of every process, and every two steps that may follow it."""
    process = registry.catalogue().processes[code]
    engine = Engine(process)
    for steps in _continued(process):
        found = standing(engine, steps, 1)
        kinds = {engine.state(step.to_state).kind for step in steps}
        if is_decision(engine, steps[0]):
            assert found.is_in_force is (len(kinds) == 1), steps
        else:
            assert found.code not in {"valid", "revoked", "reopened"}, steps


def _continued(process: Process) -> list[list[Step]]:
    found = []
    for row in process.transitions:
        if row.document is None:
            continue
        for first in process.from_state(row.destination):
            for second in process.from_state(first.destination):
                triggers = [row.trigger, first.trigger, second.trigger]
                found.append(walked(process.code, " ".join([row.sources[0], *triggers])))
    return found
