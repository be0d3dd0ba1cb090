"""The one data-modifying statement of the door: every row of a command in one round trip.

Rows come as JSON arrays, and a part that has nothing to write is left out: the server would begin
and end each of them. Commands of one shape share a statement, which is prepared once. A queue
entry is either put or dropped, never both: two parts of one statement must not touch the same row.
"""

import re
from dataclasses import dataclass
from functools import cache

from services import jobs

JOBS = "jobs"
"""The rows that are no part of their own: they are enqueued by what the statement selects."""

_CASE_TYPES = {
    "number": "text",
    "state": "text",
    "version": "bigint",
    "event_count": "bigint",
    "head_hash": "bytea",
    "title": "text",
    "credit_code": "text",
    "submitted_at": "timestamptz",
    "resubmission_due_on": "date",
    "accepted_at": "timestamptz",
    "ended_at": "timestamptz",
    "end_act": "text",
    "due_at": "timestamptz",
    "due_provisional": "boolean",
    "statutory_due_at": "timestamptz",
    "statutory_provisional": "boolean",
    "first_due_at": "timestamptz",
    "paused_at": "timestamptz",
    "state_due_at": "timestamptz",
    "timer_at": "timestamptz",
    "calendar_hash": "bytea",
    "colour": "text",
    "next_colour": "text",
    "next_colour_at": "timestamptz",
    "handling_district_code": "text",
    "withdrawal_asked_at": "timestamptz",
    "extension_asked_at": "timestamptz",
    "repaired_at": "timestamptz",
}
"""What may change in a case."""

_EVENTS = """
new_events as (
  insert into events (district_code, case_id, number, at, actor_id, trigger, item_code, from_state,
    to_state, reason_code, command_id, definition_hash, calendar_hash, tariff_hash, body,
    previous_hash, hash)
  select %(district_code)s, %(case_id)s, number, at, actor_id, trigger, item_code, from_state,
    to_state, reason_code, command_id, decode(definition_hash, 'hex'),
    decode(calendar_hash, 'hex'), decode(tariff_hash, 'hex'), body,
    decode(previous_hash, 'hex'), decode(hash, 'hex')
  from jsonb_to_recordset(%(events)s::jsonb) as row(number bigint, at timestamptz, actor_id uuid,
    trigger text, item_code text, from_state text, to_state text, reason_code text,
    command_id uuid, definition_hash text, calendar_hash text, tariff_hash text, body jsonb,
    previous_hash text, hash text)
),
new_texts as (
  insert into event_texts (district_code, case_id, event_number, content, commitment_key)
  select %(district_code)s, %(case_id)s, event_number, content, decode(commitment_key, 'hex')
  from jsonb_to_recordset(%(texts)s::jsonb)
    as row(event_number bigint, content jsonb, commitment_key text)
)"""

_TASK_ROW = """row(item_code text, department_code text, handling_district_code text,
    maker_code text, state text, version bigint, prepared_by uuid, started_at timestamptz,
    due_at timestamptz, due_provisional boolean, statutory_due_at timestamptz,
    statutory_provisional boolean, first_due_at timestamptz, paused_at timestamptz,
    state_due_at timestamptz, timer_at timestamptz, calendar_hash text, colour text,
    next_colour text, next_colour_at timestamptz, assigned_to uuid, limits_met_at timestamptz,
    core_ended_at timestamptz, ended_at timestamptz)"""
_MOVED = (
    "handling_district_code",
    "state",
    "version",
    "prepared_by",
    "started_at",
    "due_at",
    "due_provisional",
    "statutory_due_at",
    "statutory_provisional",
    "first_due_at",
    "paused_at",
    "state_due_at",
    "timer_at",
    "colour",
    "next_colour",
    "next_colour_at",
    "assigned_to",
    "limits_met_at",
    "core_ended_at",
    "ended_at",
)
"""What may change in a task; its hash of a calendar beside them."""
_SET = ", ".join(f"{name} = row.{name}" for name in _MOVED)
_TAKEN = ", ".join(_MOVED)

_TASKS = f"""
new_tasks as (
  insert into tasks (district_code, case_id, item_code, department_code, maker_code,
    calendar_hash, {_TAKEN})
  select %(district_code)s, %(case_id)s, item_code, department_code, maker_code,
    decode(calendar_hash, 'hex'), {_TAKEN}
  from jsonb_to_recordset(%(new_tasks)s::jsonb) as {_TASK_ROW}
),
changed_tasks as (
  update tasks set calendar_hash = decode(row.calendar_hash, 'hex'), {_SET}
  from jsonb_to_recordset(%(changed_tasks)s::jsonb) as {_TASK_ROW}
  where tasks.district_code = %(district_code)s and tasks.case_id = %(case_id)s
    and tasks.item_code = row.item_code
)"""  # noqa: S608  built from constants of this module alone

_QUEUE = """
put as (
  insert into queue_entries (handling_district_code, district_code, case_id, item_code,
    handler_code, state, is_preparation, case_number, title, definition_hash, waiting_since, due_at,
    due_provisional, assigned_to, assigned_at, assigned_until, colour, claimed_by, claimed_at,
    claim_expires_at, claim_command_id)
  select handling_district_code, %(district_code)s, %(case_id)s, item_code, handler_code, state,
    is_preparation, %(case_number)s, %(title)s, %(definition_hash)s, waiting_since, due_at,
    due_provisional, assigned_to, assigned_at, assigned_until, colour, claimed_by, claimed_at,
    claim_expires_at, claim_command_id
  from jsonb_to_recordset(%(puts)s::jsonb) as row(item_code text, handling_district_code text,
    handler_code text, state text, is_preparation boolean, waiting_since timestamptz,
    due_at timestamptz, due_provisional boolean, assigned_to uuid, assigned_at timestamptz,
    assigned_until timestamptz, colour text, claimed_by uuid,
    claimed_at timestamptz, claim_expires_at timestamptz, claim_command_id uuid)
  on conflict (handling_district_code, district_code, case_id, item_code) do update set
    handler_code = excluded.handler_code, state = excluded.state,
    is_preparation = excluded.is_preparation, waiting_since = excluded.waiting_since,
    due_at = excluded.due_at, due_provisional = excluded.due_provisional,
    assigned_to = excluded.assigned_to, assigned_at = excluded.assigned_at,
    assigned_until = excluded.assigned_until, colour = excluded.colour,
    claimed_by = excluded.claimed_by, claimed_at = excluded.claimed_at,
    claim_expires_at = excluded.claim_expires_at, claim_command_id = excluded.claim_command_id
),
dropped as (
  delete from queue_entries using jsonb_to_recordset(%(drops)s::jsonb)
    as row(item_code text, handling_district_code text)
  where queue_entries.handling_district_code = row.handling_district_code
    and queue_entries.district_code = %(district_code)s
    and queue_entries.case_id = %(case_id)s and queue_entries.item_code = row.item_code
),
marked as (
  insert into queue_marks (handling_district_code, handler_code, id)
  select handling_district_code, handler_code, id from jsonb_to_recordset(%(marks)s::jsonb)
    as row(handling_district_code text, handler_code text, id uuid)
)"""

_OUTPUTS = """
new_outputs as (
  insert into outputs (district_code, case_id, item_code, output_code, event_number, number,
    issued_at)
  select %(district_code)s, %(case_id)s, item_code, output_code, event_number, number, issued_at
  from jsonb_to_recordset(%(outputs)s::jsonb) as row(item_code text, output_code text,
    event_number bigint, number text, issued_at timestamptz)
  on conflict (district_code, case_id, item_code, output_code) do update set
    event_number = excluded.event_number, number = excluded.number,
    issued_at = excluded.issued_at, revoked_at = null
)"""

_DOCUMENTS = """
new_documents as (
  insert into documents (district_code, case_id, event_number, item_code, kind, number, issued_at)
  select %(district_code)s, %(case_id)s, event_number, item_code, kind, number, issued_at
  from jsonb_to_recordset(%(documents)s::jsonb) as row(event_number bigint, item_code text,
    kind text, number text, issued_at timestamptz)
)"""

_PACKAGE_ROW = """row(item_code text, number bigint, from_district_code text,
    from_department_code text, to_district_code text, to_department_code text, route_id uuid,
    way text, clock_from text, results_at text, needs_post boolean, event_number bigint,
    content jsonb, content_hash text, sent_at timestamptz, sent_by uuid, state text)"""

_PACKAGES = f"""
new_packages as (
  insert into hand_over_packages (district_code, case_id, item_code, number, from_district_code,
    from_department_code, to_district_code, to_department_code, route_id, way, clock_from,
    results_at, needs_post, event_number, content, content_hash, sent_at, sent_by, state)
  select %(district_code)s, %(case_id)s, item_code, number, from_district_code,
    from_department_code, to_district_code, to_department_code, route_id, way, clock_from,
    results_at, needs_post, event_number, content, decode(content_hash, 'hex'), sent_at, sent_by,
    state
  from jsonb_to_recordset(%(new_packages)s::jsonb) as {_PACKAGE_ROW}
),
changed_packages as (
  update hand_over_packages h set state = row.state, settled_at = row.settled_at,
    settled_by = row.settled_by, found_hash = decode(row.found_hash, 'hex'),
    carrier = row.carrier, tracking_number = row.tracking_number, posted_on = row.posted_on,
    arrived_on = row.arrived_on
  from jsonb_to_recordset(%(changed_packages)s::jsonb) as row(item_code text, number bigint,
    state text, settled_at timestamptz, settled_by uuid, found_hash text, carrier text,
    tracking_number text, posted_on date, arrived_on date)
  where h.district_code = %(district_code)s and h.case_id = %(case_id)s
    and h.item_code = row.item_code and h.number = row.number
)"""  # noqa: S608  built from constants of this module alone

_SEAL_ROW = """row(id uuid, item_code text, kind text, material text, maker_code text, status text,
    code text, ordered_at timestamptz, coded_at timestamptz, engraved_at timestamptz,
    delivered_at timestamptz, filed_at timestamptz)"""

_SEALS = f"""
new_seals as (
  insert into seals (district_code, case_id, id, item_code, kind, material, maker_code, status,
    code, ordered_at)
  select %(district_code)s, %(case_id)s, id, item_code, kind, material, maker_code, status, code,
    ordered_at
  from jsonb_to_recordset(%(new_seals)s::jsonb) as {_SEAL_ROW}
),
changed_seals as (
  update seals set status = row.status, code = row.code, coded_at = row.coded_at,
    engraved_at = row.engraved_at, delivered_at = row.delivered_at, filed_at = row.filed_at
  from jsonb_to_recordset(%(changed_seals)s::jsonb) as {_SEAL_ROW}
  where seals.district_code = %(district_code)s and seals.case_id = %(case_id)s
    and seals.id = row.id
),
new_seal_order as (
  insert into seal_orders (district_code, case_id, maker_code, delivery_code, ordered_at)
  select %(district_code)s, %(case_id)s, maker_code, delivery_code, ordered_at
  from jsonb_to_recordset(%(seal_orders)s::jsonb) as row(maker_code text, delivery_code text,
    ordered_at timestamptz)
)"""  # noqa: S608  built from constants of this module alone

_TRANSFERS = """
new_transfers as (
  insert into transfers (district_code, case_id, event_number, line, entry_id, posted_at,
    item_code, savings_code, debit_account, credit_account, commodity, amount, payer, fund_code,
    tariff_code, tariff_version, maker_code, seal_id, reverses_event_number, reverses_line)
  select %(district_code)s, %(case_id)s, event_number, line, entry_id, posted_at, item_code,
    savings_code, debit_account, credit_account, commodity, amount, payer, fund_code,
    tariff_code, tariff_version, maker_code, seal_id, reverses_event_number, reverses_line
  from jsonb_to_recordset(%(transfers)s::jsonb) as row(event_number bigint, line bigint,
    entry_id uuid, posted_at timestamptz, item_code text, savings_code text, debit_account text,
    credit_account text, commodity text, amount bigint, payer text, fund_code text,
    tariff_code text, tariff_version bigint, maker_code text, seal_id uuid,
    reverses_event_number bigint, reverses_line bigint)
)"""

# Turns come in the order of their keys, so that two commands never wait for each other.
_PERSONS = """
new_preparations as (
  insert into preparations (district_code, case_id, item_code, person_id, trigger, event_number,
    prepared_at)
  select %(district_code)s, %(case_id)s, item_code, person_id, trigger, event_number, prepared_at
  from jsonb_to_recordset(%(preparations)s::jsonb) as row(item_code text, person_id uuid,
    trigger text, event_number bigint, prepared_at timestamptz)
),
decided_preparations as (
  update preparations set decided_event_number = row.event_number
  from jsonb_to_recordset(%(decided)s::jsonb) as row(item_code text, event_number bigint)
  where preparations.district_code = %(district_code)s and preparations.case_id = %(case_id)s
    and preparations.item_code = row.item_code and preparations.decided_event_number is null
),
new_conflicts as (
  insert into conflicts (district_code, case_id, person_id, item_code, event_number, declared_at)
  select %(district_code)s, %(case_id)s, person_id, item_code, event_number, declared_at
  from jsonb_to_recordset(%(conflicts)s::jsonb) as row(person_id uuid, item_code text,
    event_number bigint, declared_at timestamptz)
  on conflict (district_code, case_id, person_id) do nothing
),
new_turns as (
  insert into assignment_turns (district_code, department_code, person_id, assigned_at,
    assigned_count)
  select desk_district, department_code, person_id, assigned_at, assigned_count
  from jsonb_to_recordset(%(turns)s::jsonb) as row(desk_district text, department_code text,
    person_id uuid, assigned_at timestamptz, assigned_count bigint)
  order by desk_district, department_code, person_id
  on conflict (district_code, department_code, person_id) do update set
    assigned_at = excluded.assigned_at,
    assigned_count = assignment_turns.assigned_count + excluded.assigned_count
)"""

_TEXTS = (
    _EVENTS,
    _TASKS,
    _QUEUE,
    _PACKAGES,
    _OUTPUTS,
    _DOCUMENTS,
    _SEALS,
    _TRANSFERS,
    _PERSONS,
)
_NAME = re.compile(r"%\((\w+)\)s")
_ROWS = re.compile(r"%\((\w+)\)s::jsonb")
_PARTS = {
    _ROWS.findall(part)[0]: part for text in _TEXTS for part in re.split(r",\n(?=\w+ as \()", text)
}
"""By the name of its rows, each part of the statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The write of a command that changes these columns of the case, and has rows of these kinds.

    With the server's own marks: the driver would read so long a text anew each time.
    """

    text: bytes
    order: tuple[str, ...]
    """The names of the values, in the order in which the statement takes them."""


@cache
def statement(case_columns: tuple[str, ...], kinds: tuple[str, ...]) -> Statement:
    """One statement for each shape of command; there are some tens of them."""
    parts = [_case(case_columns), *(_PARTS[kind] for kind in kinds if kind != JOBS)]
    result = f"select {jobs.DEFER}" if JOBS in kinds else "select 1"
    named = f"with {','.join(parts)} {result}"
    order = tuple(dict.fromkeys(_NAME.findall(named)))
    text = _NAME.sub(lambda found: f"${order.index(found[1]) + 1}", named)
    return Statement(text.encode(), order)


def _case(columns: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{name} = row.{name}" for name in columns)
    typed = ", ".join(f"{name} {_CASE_TYPES[name]}" for name in columns)
    return f"""
moved as (
  update cases set {assigned}
  from jsonb_to_record(%(case)s::jsonb) as row({typed})
  where cases.district_code = %(district_code)s and cases.id = %(case_id)s
)"""  # noqa: S608  built from constants of this module alone
