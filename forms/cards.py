"""What supervisors and officers type on cards: which card, why, and to whom."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from wtforms import Form, SelectChoice

from catalog import registry
from catalog.fields import Unreadable, clean
from catalog.schema import Reason
from catalog.supervision import CardKind
from core.errors import Problem
from core.text import Text
from forms.accounts import locale_code
from forms.fields import LongTextField, RadiosField, SelectField
from forms.posted import posted_id
from services.card_lists import KIND_WORDS
from services.cards import KIND_UNKNOWN, NOT_OF_DESK, CardStep, Issue
from services.desks import Member
from services.door.cards import REASON_UNKNOWN, WORDS_MISSING
from workflows.process import CARD_PROCESS, ISSUE_CARD

LONGEST = 2000
TOO_LONG = Text(zh="请控制在 2000 字以内。", en="Keep it within 2,000 characters.")


class IssueFields(Form):
    """The controls of a new card."""

    kind = RadiosField()
    reason_code = SelectField()
    person = SelectField()
    reason = LongTextField(rows=4)


class StepFields(Form):
    """The words of one step of a card."""

    reason = LongTextField(rows=4)


class IssueForm:
    """A new card as typed; ``problems`` says what is wrong with it."""

    def __init__(self, people: Sequence[Member], formdata: Any = None, **proposed: str) -> None:
        fields = IssueFields(formdata, data=proposed)
        self.kind, self.reason_code = fields.kind, fields.reason_code
        self.person, self.reason = fields.person, fields.reason
        self.command_id = formdata.get("command_id", "") if formdata is not None else str(uuid4())
        self.problems: list[dict[str, str]] = []
        self._people = {str(each.id) for each in people}
        self._offer(people)
        if formdata is None:
            self._begin()

    def read(self) -> Issue | None:
        """The card, or None: every mistake is then in ``problems`` and beside its field."""
        kind, reason_code = str(self.kind.data or ""), str(self.reason_code.data or "")
        person = str(self.person.data or "")
        if kind not in set(CardKind):
            self._mark(self.kind, KIND_UNKNOWN)
        if reason_code not in {reason.code for reason in _reasons()}:
            self._mark(self.reason_code, REASON_UNKNOWN)
        if person and person not in self._people:
            self._mark(self.person, NOT_OF_DESK)
        words = self._words()
        if self.problems or words is None:
            return None
        return Issue(
            command_id=_press(self.command_id),
            kind=kind,
            reason_code=reason_code,
            words=words,
            person_id=posted_id(person),
        )

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put the service's own refusals beside their fields."""
        for problem in problems:
            self._mark(getattr(self, problem.path, self.reason), problem.sentence)

    def _words(self) -> str | None:
        words, mistake = read_words(self.reason.data)
        if mistake is not None:
            self._mark(self.reason, mistake)
        return words

    def _offer(self, people: Sequence[Member]) -> None:
        locale = locale_code()
        self.kind.choices = [
            SelectChoice(kind.value, words.to(locale)) for kind, words in KIND_WORDS.items()
        ]
        self.reason_code.choices = [
            SelectChoice("", _("请选择")),
            *(SelectChoice(reason.code, _with_basis(reason, locale)) for reason in _reasons()),
        ]
        self.person.choices = [
            SelectChoice("", _("整个部门，谁先回复都可以")),
            *(SelectChoice(str(each.id), each.name) for each in people),
        ]
        self.kind.label.text = _("发哪一种牌")
        self.reason_code.label.text = _("理由和依据")
        self.person.label.text = _("发给谁")
        self.reason.label.text = _("写明情况（对方会看到）")

    def _begin(self) -> None:
        """The words of the reason that a rule proposes, to go on from."""
        chosen = next((each for each in _reasons() if each.code == self.reason_code.data), None)
        if chosen is not None and not self.reason.data:
            self.reason.data = chosen.text.to(locale_code())

    def _mark(self, control: Any, sentence: Text) -> None:
        _mark(self.problems, control, sentence)


class CardStepForm:
    """The words of one step of a card as typed; ``problems`` says what is wrong with them."""

    def __init__(self, trigger: str, formdata: Any = None) -> None:
        self.trigger = trigger
        self.reason = StepFields(formdata, prefix=f"{trigger}-").reason
        self.reason.label.text = _("理由（对方会看到）")
        self.command_id = formdata.get("command_id", "") if formdata is not None else str(uuid4())
        self.problems: list[dict[str, str]] = []

    def read(self) -> CardStep | None:
        """The step, or None: the mistake is then in ``problems`` and beside the field."""
        words, mistake = read_words(self.reason.data)
        if mistake is not None or words is None:
            self.blame(mistake or WORDS_MISSING)
            return None
        return CardStep(trigger=self.trigger, command_id=_press(self.command_id), words=words)

    def blame(self, sentence: Text) -> None:
        """Put a refusal beside the field."""
        _mark(self.problems, self.reason, sentence)


def read_words(typed: Any) -> tuple[str | None, Text | None]:
    """What was typed, or a sentence why it cannot be taken."""
    words = clean(typed, lines=True)
    if isinstance(words, Unreadable):
        return None, words.sentence
    if len(words) > LONGEST:
        return None, TOO_LONG
    return (words, None) if words else (None, WORDS_MISSING)


def _with_basis(reason: Reason, locale: str) -> str:
    title = reason.title.to(locale)
    if reason.legal_basis is None:
        return title
    basis = reason.legal_basis.to(locale)
    return str(_("%(reason)s（%(basis)s）", reason=title, basis=basis))


def _reasons() -> Sequence[Reason]:
    return registry.catalogue().processes[CARD_PROCESS].reasons.get(ISSUE_CARD, ())


def _press(command_id: str) -> UUID:
    """What the page sent; anything else counts as one press of its own."""
    return posted_id(command_id) or uuid4()


def _mark(problems: list[dict[str, str]], control: Any, sentence: Text) -> None:
    words = sentence.to(locale_code())
    control.errors = [*control.errors, words]
    problems.append({"id": str(control.first_id), "text": words})
