"""Returns inside the door: one full list, one day, and taking a list back."""

from collections.abc import Iterator
from datetime import date, timedelta

from catalog.places import belongs, is_place, overlap
from core.clock import CIVIL_ZONE
from core.errors import Problem, RuleViolatedError
from core.text import Text
from services.door import chain
from services.door.changes import EventDraft, SubmissionDraft
from services.door.command import PlaceToMend
from services.door.decision import Decision
from workflows.clocks import resubmission_day

NEW_FACT = "new_fact"
"""The reason code of a return that names a place again: only something new allows it."""
DUE_INPUT = "resubmission_due_on"
"""The officer's input that holds the last day; without it the definition's own time is given."""

UNKNOWN_PLACE = Text(
    zh="申请表里没有这一处，请重新选择。",
    en="The form has no such place; choose again.",
)
NOT_YOUR_PLACE = Text(
    zh="这一处不属于这个事项，不能由您要求修改。请从列出的各处中选择。",
    en="This place does not belong to the item, so you cannot ask for it; choose one listed.",
)
NAMED_TWICE = Text(
    zh="这一处在清单里写了两次，请合并成一条。",
    en="This place stands in the list twice; make it one entry.",
)
NEW_FACT_MISSING = Text(
    zh="这一处以前已经要求修改过。请写明这一次有什么新的情况；没有新情况，不能再次要求。",
    en="This place was asked for before. Say what is new; without a new fact it may not be asked "
    "again.",
)
TOO_EARLY = Text(zh="修改期限不能早于今天。", en="The last day for changes cannot be before today.")
TOO_LATE = Text(
    zh="修改期限最长 {days} 天，请选择 {last} 或更早的一天。",
    en="The last day for changes is at most {days} days ahead; choose {last} or earlier.",
)
NOT_A_DAY = Text(zh="请填写一个存在的日期。", en="Enter a day that exists.")


def ask_to_mend(decision: Decision, event: EventDraft) -> None:
    """Return the case with one list and one day for all of it.

    The event names the places and the day, codes only; the words lie in its erasable text.
    Raises `RuleViolatedError` for a place that is not there, one that is asked again without a
    new fact, and a day that is too early or too late.
    """
    decision.changes.case["resubmission_due_on"] = write_list(decision, event, DUE_INPUT)


def write_list(decision: Decision, event: EventDraft, day_input: str) -> date:
    """Write the command's list into its event; the last day for it, typed as ``day_input``.

    Raises `RuleViolatedError` as `ask_to_mend`, and for a place that is not the part's own.
    """
    places = decision.command.places
    before = decision.asked_before()
    again = [place for place in places if any(overlap(place.path, path) for path in before)]
    problems = [*_problems(decision), *_without_new_fact(again)]
    due_on = last_day(decision, day_input, problems)
    if problems or due_on is None:
        raise RuleViolatedError(tuple(problems))
    event.body["places"] = [place.path for place in places]
    event.body[day_input] = due_on.isoformat()
    event.body[DUE_INPUT] = due_on.isoformat()
    if again:
        event.reason_code = NEW_FACT
        event.body["asked_again"] = [place.path for place in again]
    return due_on


def restore_submission(decision: Decision, event: EventDraft) -> None:
    """Let form and papers stand again as they were last sent; what was changed is kept beside."""
    typed = decision.typed()
    if typed.sent is None or typed.is_as_sent:
        return
    key = chain.new_key()
    decision.changes.submission = SubmissionDraft(
        typed=typed.now,
        answers=None,
        materials=typed.papers,
        commitment_key=key,
        restored=typed.sent,
    )
    event.body["commitments"] = {
        "typed": chain.commitment(key, typed.now),
        "materials": chain.commitment(key, typed.papers),
    }


def _problems(decision: Decision) -> Iterator[Problem]:
    seen: set[str] = set()
    thing, item_code = decision.definition.thing, decision.command.item_code
    for place in decision.command.places:
        if not is_place(thing, place.path):
            yield Problem(_at(place), UNKNOWN_PLACE)
        elif item_code is not None and not belongs(thing, item_code, place.path):
            yield Problem(_at(place), NOT_YOUR_PLACE)
        elif place.path in seen:
            yield Problem(_at(place), NAMED_TWICE)
        seen.add(place.path)


def _without_new_fact(again: list[PlaceToMend]) -> Iterator[Problem]:
    for place in again:
        if not place.new_fact.strip():
            yield Problem(f"new_fact.{place.path}", NEW_FACT_MISSING)


def _at(place: PlaceToMend) -> str:
    """Where a mistake of one entry of the list stands in the officer's form."""
    return f"places.{place.path}"


def last_day(decision: Decision, day_input: str, problems: list[Problem]) -> date | None:
    """The last day: as the officer chose it, or the definition's own time from today.

    None, with the mistake among ``problems``, if what was chosen is no day.
    """
    time = decision.definition.thing.resubmission
    today = decision.at.astimezone(CIVIL_ZONE).date()
    typed = decision.command.inputs.get(day_input)
    if typed in {None, ""}:
        task = decision.tasks.get(decision.command.item_code or "")
        return resubmission_day(time.within.limit, decision.at, decision.calendar(task))
    try:
        chosen = date.fromisoformat(str(typed))
    except ValueError:
        problems.append(Problem(day_input, NOT_A_DAY))
        return None
    last = today + timedelta(days=time.at_most_days)
    if chosen < today:
        problems.append(Problem(day_input, TOO_EARLY))
    elif chosen > last:
        sentence = TOO_LATE.format(days=time.at_most_days, last=last.isoformat())
        problems.append(Problem(day_input, sentence))
    return chosen
