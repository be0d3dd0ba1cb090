"""The supervisor's board: what presses, whose it is, what is proposed, and by which index."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.database import Database
from core.errors import NotFoundError, RuleViolatedError, TransitionRefusedError
from models.base import new_id
from services import (
    assignments,
    board_rows,
    cards,
    delays,
    desk_work,
    door,
    staff_notices,
    supervision,
    times,
)
from services.assignments import Order
from services.board_scope import NOBODY, Band, BoardFilter
from services.cards import Issue
from services.case_keys import CaseKey
from services.case_scope import CaseFilters
from services.delays import Explanation
from services.progress import progress
from services.queue import TaskKey
from services.supervision import Board
from services.verification import verify_chain
from tests.fixtures.supervision import REGISTRATION, column, due_at, person, turn_all
from tests.fixtures.world import World, clerk_of
from workflows.permissions import Actor, Role


def board(database: Database, who: Actor, world: World, **chosen: object) -> Board:
    """The board as somebody sees it now."""
    with database.transaction() as session:
        return supervision.board(session, who, BoardFilter(**chosen), world.at)  # type: ignore[arg-type]


def test_the_board_shows_what_presses_and_whose_it_is(world: World, database: Database) -> None:
    supervisor = person(database, Role.SUPERVISOR)
    of_tax = person(database, Role.SUPERVISOR, "tax")
    clerk = person(database, Role.CLERK, "market_regulation")
    late, today = world.accepted(), world.accepted()
    world.at = due_at(world, late) - timedelta(hours=2)
    seen = board(database, supervisor, world)
    assert seen.counts == {Band.RED: 0, Band.TODAY: 2, Band.YELLOW: 0, Band.BLUE: 0}
    assert [line.task.key for line in seen.lines] == [late, today]
    world.at = due_at(world, today) + timedelta(minutes=30)
    turn_all(database, world.at)
    world.act(clerk, late, "claim", REGISTRATION)
    seen = board(database, supervisor, world, band=Band.RED)
    assert (seen.counts[Band.RED], seen.counts[Band.TODAY], seen.total) == (2, 0, 2)
    assert [share.value for share in seen.by_department] == ["market_regulation"]
    assert [share.label.zh for share in seen.by_officer] == ["尚无承办人", clerk.name]
    mine = board(database, supervisor, world, person=clerk.id)
    assert [line.task.key for line in mine.lines] == [late]
    assert mine.lines[0].holder_name == clerk.name
    assert board(database, supervisor, world, person=NOBODY).total == 1
    assert board(database, supervisor, world, department="tax").total == 0
    assert board(database, of_tax, world).total == 0
    assert board(database, clerk, world).total == 0


def test_a_rule_proposes_and_only_a_person_issues(world: World, database: Database) -> None:
    supervisor = person(database, Role.SUPERVISOR)
    key = world.accepted()
    task = TaskKey(key=key, item_code=REGISTRATION)
    world.at = due_at(world, key) + timedelta(minutes=1)
    turn_all(database, world.at)
    [line] = board(database, supervisor, world).lines
    assert line.proposal is not None
    assert (line.proposal.card, line.card) == ("yellow", None)
    world.at += timedelta(days=30)
    [line] = board(database, supervisor, world).lines
    assert line.is_past_statutory
    assert line.proposal is not None
    assert line.proposal.card == "red"
    card = Issue(
        command_id=uuid4(), kind="red", reason_code=line.proposal.reason, words="请立即办理。"
    )
    with database.transaction() as session:
        cards.issue(session, supervisor, task, card, world.at)
    [line] = board(database, supervisor, world).lines
    assert line.proposal is None
    assert line.card is not None


def test_a_late_decision_needs_its_reason(world: World, database: Database) -> None:
    key = world.accepted()
    clerk, task = clerk_of("market_regulation"), TaskKey(key=key, item_code=REGISTRATION)
    given = Explanation(command_id=uuid4(), delay=door.Delay(reason_code="system_failure"))
    with database.transaction() as session, pytest.raises(TransitionRefusedError):
        delays.explain(session, clerk, task, given, world.at)
    world.at = due_at(world, key) + timedelta(hours=1)
    with pytest.raises(RuleViolatedError) as refused:
        world.act(clerk, key, "approve", REGISTRATION, delay=None)
    assert [problem.path for problem in refused.value.problems] == ["delay_code"]
    delay = door.Delay(reason_code="other")
    with pytest.raises(RuleViolatedError) as refused:
        world.act(clerk, key, "approve", REGISTRATION, delay=delay)
    assert [problem.path for problem in refused.value.problems] == ["delay_text"]


def test_a_reason_given_before_the_decision_is_enough_and_its_applicant_reads_it(
    world: World, database: Database
) -> None:
    supervisor, key = person(database, Role.SUPERVISOR), world.accepted()
    clerk, task = clerk_of("market_regulation"), TaskKey(key=key, item_code=REGISTRATION)
    given = Explanation(command_id=uuid4(), delay=door.Delay(reason_code="system_failure"))
    world.at = due_at(world, key) + timedelta(hours=1)
    turn_all(database, world.at)
    with database.transaction() as session:
        delays.explain(session, clerk, task, given, world.at)
    with database.transaction() as session:  # pressed twice
        assert delays.explain(session, clerk, task, given, world.at).repeated
    [line] = board(database, supervisor, world).lines
    assert line.is_explained
    assert line.proposal is None  # nobody of the desk is to blame
    world.act(clerk, key, "approve", REGISTRATION, delay=None)
    with database.transaction() as session:
        found = progress(session, world.applicant, key.district_code, key.case_id, world.at)
        part = next(part for part in found.parts if part.item_code == REGISTRATION)
        assert [delay.title.zh for delay in part.delays] == ["系统或网络故障"]
        report = times.times(session, CaseFilters(district_codes=(key.district_code,)), world.at)
        [figures] = report.origins[0].delays
        assert (figures.code, figures.count) == ("system_failure", 1)
        assert verify_chain(session, key.district_code, key.case_id).valid
    assert column(world, key, "colour") is None


def told(database: Database, who: Actor) -> list[str]:
    """What an officer was told, in words."""
    with database.transaction() as session:
        return [words.zh for words in staff_notices.unread(session, who).counts]


def test_a_supervisor_gives_work_to_another_of_the_desk(world: World, database: Database) -> None:
    supervisor = person(database, Role.SUPERVISOR)
    holder = person(database, Role.CLERK, "market_regulation")
    other = person(database, Role.CLERK, "market_regulation")
    stranger = person(database, Role.CLERK, "tax")
    task = TaskKey(key=(key := world.accepted()), item_code=REGISTRATION)
    world.act(holder, key, "claim", REGISTRATION)

    def give(who: Actor, receiver: Actor, reason: str = "快到期，请优先办理。") -> None:
        order = Order(receiver_id=receiver.id, reason=reason, command_id=uuid4())
        with database.transaction() as session:
            desk_work.entry(session, who, task, world.at)
            assignments.assign(session, who, task, order, world.tick())

    with pytest.raises(RuleViolatedError):
        give(supervisor, stranger)
    with pytest.raises(RuleViolatedError):
        give(supervisor, other, reason=" ")
    with pytest.raises(NotFoundError):
        give(person(database, Role.SUPERVISOR, "tax"), other)
    give(supervisor, other)
    assert told(database, other) == ["1 件分派给您"]
    world.at = due_at(world, key) + timedelta(minutes=1)
    turn_all(database, world.at)
    [line] = board(database, supervisor, world).lines
    assert line.assigned_name == other.name
    body = world.rows(
        "select body from events where district_code = :district_code and case_id = :case_id"
        " and trigger = 'turn_red'",
        key,
    )[0]["body"]
    assert body["answerable"] == str(other.id)


def test_the_board_finds_what_presses_by_index(world: World, database: Database) -> None:
    """Among many open tasks that have time: what the planner does with real numbers."""
    supervisor, key = person(database, Role.SUPERVISOR), world.accepted()
    copy = (
        "insert into {table} ({columns}) select {values} from {table} t, generate_series(1, 1000) n"
        " where t.district_code = :place and t.{id} = :case"
    )
    with database.transaction() as session:
        for table, id_column in (("cases", "id"), ("tasks", "case_id")):
            columns = session.scalars(
                text(
                    "select column_name from information_schema.columns where table_name = :name"
                    " and table_schema = 'public'"
                ),
                {"name": table},
            ).all()
            made = {
                id_column: "md5(n::text)::uuid",
                "number": "n::text",
                "submit_command_id": f"'{new_id()}'::uuid",
                "due_at": "t.due_at + interval '90 days'",
            }
            statement = copy.format(
                table=table,
                columns=", ".join(columns),
                values=", ".join(made.get(name, f"t.{name}") for name in columns),
                id=id_column,
            )
            session.execute(text(statement), {"place": key.district_code, "case": key.case_id})
    with database.transaction() as session:
        session.execute(text("set local enable_seqscan = off"))
        asked = board_rows.page_statement(supervisor, BoardFilter(), world.at).compile(
            session.connection().engine, compile_kwargs={"literal_binds": True}
        )
        plan = "\n".join(session.scalars(text(f"explain {asked}")))
    assert "ix_tasks_supervision" in plan or "ix_tasks_open_due" in plan


def test_a_case_that_waits_for_acceptance_is_on_the_board_and_can_get_a_card(
    world: World, database: Database
) -> None:
    supervisor = person(database, Role.SUPERVISOR)
    of_tax = person(database, Role.SUPERVISOR, "tax")
    clerk = person(database, Role.CLERK, "market_regulation")
    key = world.submitted()
    task = TaskKey(key=key, item_code=REGISTRATION)
    _claimed_late(world, key, clerk)
    seen = board(database, supervisor, world, band=Band.RED, person=clerk.id)
    line = seen.lines[0]
    assert (line.task, line.is_acceptance, line.state_label.zh) == (task, True, "待受理")
    assert (line.colour, line.holder_name, seen.counts[Band.RED]) == ("red", clerk.name, 1)
    assert line.proposal is not None
    assert board(database, of_tax, world).total == 0
    assert board(database, supervisor, world, person=NOBODY).total == 0
    reason = line.proposal.reason
    card = Issue(command_id=uuid4(), kind="yellow", reason_code=reason, words="请尽快受理。")
    with database.transaction() as session:
        key_of = cards.issue(session, supervisor, task, card, world.at)
    with database.transaction() as session:
        step = cards.CardStep(trigger="accept_card", command_id=uuid4(), words="马上受理。")
        cards.take_step(session, clerk, key_of, step, world.at + timedelta(minutes=1))
    world.at += timedelta(minutes=5)
    world.act(clerk, key, "accept")
    assert board(database, supervisor, world).total == 0
    with database.transaction() as session:
        assert verify_chain(session, key.district_code, key.case_id).valid


def _claimed_late(world: World, key: CaseKey, clerk: Actor) -> None:
    """Days after it was sent, somebody takes it up."""
    world.at += timedelta(days=9)
    turn_all(world.database, world.at)
    world.act(clerk, key, "claim", REGISTRATION)
