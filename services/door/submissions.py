"""Taking in the form: the law is checked once more, and the event commits to what was sent."""

from catalog import answers as catalog_answers
from core.errors import Problem, RuleViolatedError
from core.text import Text
from models.case import Channel
from services.door import chain
from services.door.changes import EventDraft, SubmissionDraft
from services.door.decision import Decision
from services.door.judging import window
from services.form_days import form_day

ELECTRONIC_SERVICE = "electronic_service"
"""What the event of a submission says of the consent to electronic service: true or false."""
NOTHING_SENT = Text(
    zh="这个页面已经过期，没有提交任何内容。请再核对一遍，重新提交。",
    en="This page is out of date, and nothing was sent. Check everything once more and submit "
    "again.",
)


def take_in(decision: Decision, event: EventDraft) -> None:
    """Take in what the command sent: answers, papers, title, and where the case was handled.

    Raises `RuleViolatedError` if nothing was sent, or if it breaks a rule of the whole form.
    """
    sent = decision.command.sent
    if sent is None:
        raise RuleViolatedError((Problem("submit", NOTHING_SENT),))
    answers = dict(sent.answers)
    problems = catalog_answers.check_rules(
        decision.definition.thing,
        answers,
        on=form_day(decision.case["accepted_at"], decision.case["submitted_at"], decision.at),
        district=window(decision),
    )
    if problems:
        raise RuleViolatedError(problems)
    decision.changes.case["title"] = catalog_answers.title(decision.definition.thing, answers)
    key = chain.new_key()
    decision.changes.submission = SubmissionDraft(
        typed=sent.typed, answers=answers, materials=sent.materials, commitment_key=key
    )
    event.body["commitments"] = {
        "answers": chain.commitment(key, answers),
        "typed": chain.commitment(key, sent.typed),
        "materials": chain.commitment(key, sent.materials),
    }
    if sent.electronic_service is not None:
        event.body[ELECTRONIC_SERVICE] = sent.electronic_service
    if decision.case["channel"] == Channel.WINDOW.value:
        event.body["channel"] = Channel.WINDOW.value
        event.body["taken_by"] = str(decision.case["taken_by"])
