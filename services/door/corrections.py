"""Corrections of one part inside the door: asked for, sent, or no longer waited for (补正).

Several parts may wait for corrections of the one form at the same time. Each is sent and taken
back by itself, and leaves what was changed for the others alone.
"""

from catalog import open_places
from catalog.open_places import Follow
from catalog.places import papers_of
from services.door import chain
from services.door.changes import EventDraft, SubmissionDraft
from services.door.decision import Decision
from services.door.judging import window
from services.door.returns import DUE_INPUT, restore_submission, write_list
from services.door.snapshot import TaskRow
from services.door.submissions import take_in
from services.door.tolerance import note_supplied
from services.form_days import form_day


def ask_for_corrections(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Stop for one list and one day; only places that the item reads may be named.

    Raises `RuleViolatedError` as `services.door.returns.write_list`.
    """
    limit = decision.engine(decision.definition.thing.item(task.item_code)).state(task.state).limit
    day_input = limit.input if limit and limit.input else DUE_INPUT
    write_list(decision, event, day_input)
    if not _standing_for_others(decision, task):
        restore_submission(decision, event)  # nothing of a list that ended otherwise is left


def take_corrections(decision: Decision, event: EventDraft, _task: TaskRow) -> None:
    """Take in the whole form again, with what the part asked for."""
    take_in(decision, event)
    note_supplied(decision, event)


def restore_part(decision: Decision, event: EventDraft, task: TaskRow) -> None:
    """Let the part's places stand again as they were last sent; what was changed is kept beside."""
    lists = decision.part_lists()
    own = lists.get(task.item_code)
    if own is None:
        return
    typed = decision.typed(own.at)
    others = _standing_for_others(decision, task)
    codes = papers_of(own.paths) - papers_of(others)
    if typed.sent is None:
        return
    thing, follow = decision.definition.thing, _follow(decision)
    kept = open_places.one_part(thing, others, typed.sent, typed.now, follow)
    if kept == typed.now and not codes & typed.other_papers:
        return
    unsent = open_places.one_part(thing, own.paths, typed.sent, typed.now, follow)
    papers = [paper for paper in typed.papers if paper["code"] in codes]
    key = chain.new_key()
    decision.changes.submission = SubmissionDraft(
        typed=unsent,
        answers=None,
        materials=papers,
        commitment_key=key,
        restored=kept,
        paper_codes=sorted(codes),
        since=own.at,
    )
    event.body["commitments"] = {
        "typed": chain.commitment(key, unsent),
        "materials": chain.commitment(key, papers),
    }


def _standing_for_others(decision: Decision, task: TaskRow) -> frozenset[str]:
    """The places for which other parts of the case still wait."""
    return frozenset(
        path
        for code, asked in decision.part_lists().items()
        if code != task.item_code and decision.state_of(decision.tasks[code]).opens_form
        for path in asked.paths
    )


def _follow(decision: Decision) -> Follow:
    return open_places.follow(
        decision.definition.thing,
        window(decision),
        form_day(decision.case["accepted_at"], decision.case["submitted_at"], decision.at),
    )
