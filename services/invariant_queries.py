"""The invariants as sets: what every row of cases, tasks, events and queues must hold, in SQL.

Each statement gives the cases that break one of them. What states mean is handed in from the
definitions (`facts`), so that no name of a state stands here.
"""

from core.districts import across_districts

REASON = across_districts("invariants of the whole service")

_FACTS = """
facts as (
  select decode(hash, 'hex') as definition_hash, item_code, state, kind, handler
  from jsonb_to_recordset(cast(:facts as jsonb))
    as fact(hash text, item_code text, state text, kind text, handler text)
),
things as (
  select decode(hash, 'hex') as definition_hash, acceptor, department
  from jsonb_to_recordset(cast(:things as jsonb))
    as thing(hash text, acceptor text, department text)
),
recent as (
  select c.district_code, c.id, c.definition_hash, c.state, c.timer_at, c.end_act, c.accepted_at,
    c.submitted_at, c.withdrawal_asked_at, c.handling_district_code, c.event_count, c.head_hash
  from cases c
  where (cast(:case_id as uuid) is null or c.id = cast(:case_id as uuid))
    and (cast(:since as timestamptz) is null or exists (
    select from events e where e.district_code = c.district_code and e.case_id = c.id
      and e.at >= cast(:since as timestamptz)))
),
live_tasks as (
  select r.district_code, r.id as case_id, r.definition_hash, t.item_code, t.state, t.timer_at,
    t.ended_at, t.department_code, t.handling_district_code, t.maker_code, f.kind, f.handler
  from recent r
  join tasks t on t.district_code = r.district_code and t.case_id = r.id
  left join facts f on f.definition_hash = r.definition_hash and f.item_code = t.item_code
    and f.state = t.state
)
"""

UNKNOWN_STATES = f"""
with {_FACTS}
select {REASON} t.district_code, t.case_id, t.item_code from live_tasks t where t.kind is null
"""  # noqa: S608
STUCK = f"""
with {_FACTS}
select {REASON} r.district_code, r.id as case_id, null as item_code from recent r
where r.state in ('submitted', 'in_progress') and r.timer_at is null
  and not exists (select from queue_entries q
    where q.district_code = r.district_code and q.case_id = r.id)
  and not exists (select from live_tasks t
    where t.district_code = r.district_code and t.case_id = r.id
      and (t.timer_at is not null or t.handler = 'applicant'))
union all
select t.district_code, t.case_id, t.item_code from live_tasks t
where t.kind = 'open' and t.handler = 'nobody' and t.timer_at is null
"""  # noqa: S608
DECIDED_TWICE = f"""
with {_FACTS},
ends as (
  select e.district_code, e.case_id, e.item_code,
    count(*) filter (where before.kind in ('waiting', 'open')
      and after.kind in ('positive', 'negative', 'void'))
    - count(*) filter (where before.kind in ('positive', 'negative', 'void')
      and after.kind in ('waiting', 'open')) as standing
  from recent r
  join events e on e.district_code = r.district_code and e.case_id = r.id
    and e.item_code is not null and e.from_state <> e.to_state
  join facts before on before.definition_hash = r.definition_hash
    and before.item_code = e.item_code and before.state = e.from_state
  join facts after on after.definition_hash = r.definition_hash
    and after.item_code = e.item_code and after.state = e.to_state
  group by e.district_code, e.case_id, e.item_code
)
select {REASON} t.district_code, t.case_id, t.item_code from live_tasks t
left join ends e on e.district_code = t.district_code and e.case_id = t.case_id
  and e.item_code = t.item_code
where coalesce(e.standing, 0)
  <> (case when t.kind in ('positive', 'negative', 'void') then 1 else 0 end)
  or (t.ended_at is not null) <> (t.kind in ('positive', 'negative', 'void'))
"""  # noqa: S608
CASE_STATES = f"""
with {_FACTS},
kinds as (
  select district_code, case_id, bool_or(kind in ('waiting', 'open')) as goes_on,
    bool_or(kind = 'positive') as granted, bool_or(kind = 'negative') as refused
  from live_tasks group by district_code, case_id
)
select {REASON} r.district_code, r.id as case_id, null as item_code from recent r
left join kinds k on k.district_code = r.district_code and k.case_id = r.id
where r.state <> case
  when r.end_act = 'withdrawal' then 'withdrawn'
  when r.end_act = 'lapse' then 'lapsed'
  when r.end_act = 'cancellation' then 'cancelled'
  when k.case_id is null then
    case when r.state in ('draft', 'submitted', 'returned', 'not_accepted') then r.state
    else 'a state before acceptance' end
  when k.goes_on then 'in_progress'
  when not coalesce(k.granted, false) then 'refused'
  when coalesce(k.refused, false) then 'partly_completed'
  else 'completed' end
"""  # noqa: S608
QUEUES = f"""
with {_FACTS},
wanted as (
  select t.handling_district_code, t.district_code, t.case_id, t.item_code,
    case t.handler when 'department' then 'department:' || t.department_code
      else 'maker:' || t.maker_code end as handler_code,
    t.state, t.kind = 'waiting' as is_preparation
  from live_tasks t where t.handler in ('department', 'maker')
  union all
  select coalesce(r.handling_district_code, r.district_code), r.district_code, r.id, h.acceptor,
    'department:' || h.department, r.state, false
  from recent r join things h on h.definition_hash = r.definition_hash
  where r.state = 'submitted'
  union all
  select t.handling_district_code, t.district_code, t.case_id, t.item_code,
    'department:' || t.department_code, r.state, false
  from recent r
  join things h on h.definition_hash = r.definition_hash
  join live_tasks t on t.district_code = r.district_code and t.case_id = r.id
    and t.item_code = h.acceptor and t.handler not in ('department', 'maker')
  where r.withdrawal_asked_at is not null
),
present as (
  select q.handling_district_code, q.district_code, q.case_id, q.item_code, q.handler_code,
    q.state, q.is_preparation
  from queue_entries q
  join recent r on r.district_code = q.district_code and r.id = q.case_id
)
select {REASON} coalesce(w.district_code, p.district_code) as district_code,
  coalesce(w.case_id, p.case_id) as case_id, coalesce(w.item_code, p.item_code) as item_code
from wanted w full outer join present p using (handling_district_code, district_code, case_id,
  item_code, handler_code, state, is_preparation)
where w.case_id is null or p.case_id is null
"""  # noqa: S608
HEADS = f"""
with {_FACTS},
chains as (
  select r.district_code, r.id as case_id, count(e.number) as events, max(e.number) as last
  from recent r left join events e on e.district_code = r.district_code and e.case_id = r.id
  group by r.district_code, r.id
)
select {REASON} r.district_code, r.id as case_id, null as item_code
from recent r
join chains n on n.district_code = r.district_code and n.case_id = r.id
left join events e on e.district_code = r.district_code and e.case_id = r.id and e.number = n.last
where r.event_count <> n.events or coalesce(n.last, 0) <> n.events
  or r.head_hash is distinct from e.hash
"""  # noqa: S608
UNFIRED = f"""
select {REASON} t.district_code, t.case_id, t.item_code from tasks t
where (t.timer_at < cast(:late as timestamptz) or t.next_colour_at < cast(:late as timestamptz))
  and (cast(:case_id as uuid) is null or t.case_id = cast(:case_id as uuid))
union all
select c.district_code, c.id, null from cases c
where (c.timer_at < cast(:late as timestamptz) or c.next_colour_at < cast(:late as timestamptz))
  and (cast(:case_id as uuid) is null or c.id = cast(:case_id as uuid))
"""  # noqa: S608
"""Of all cases, by index: what follows from a limit comes minutes after it, whoever was down."""
EXPIRED_PROMISES = f"""
select {REASON} p.district_code, p.case_id, null as item_code from tolerated_papers p
join cases c on c.district_code = p.district_code and c.id = p.case_id
where p.supplied_at is null and p.lapsed_at is null and p.due_at < cast(:late as timestamptz)
  and c.state = 'in_progress'
  and (cast(:case_id as uuid) is null or c.id = cast(:case_id as uuid))
"""  # noqa: S608
"""A promised paper whose day is over was brought, or has lapsed."""
COUNTED = f"""
with {_FACTS}
select {REASON} count(*) from recent
"""  # noqa: S608
TOUCHED = f"""
select {REASON} district_code, id as case_id from cases c
where c.event_count > 0 and (cast(:since as timestamptz) is null or exists (
    select from events e where e.district_code = c.district_code and e.case_id = c.id
      and e.at >= cast(:since as timestamptz)))
  and (c.district_code, c.id) > (:after_district, cast(:after_case as uuid))
order by c.district_code, c.id limit :batch
"""  # noqa: S608
"""The cases whose chains are recomputed, in batches."""
