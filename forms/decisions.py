"""What officers and makers type for one step: reason, places to mend, and the step's own inputs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Form, SelectChoice

from catalog.fields import Unreadable, clean, parse
from catalog.schema import Field, FieldKind, Section
from core.errors import Problem
from core.text import Text
from forms import widgets
from forms.accounts import locale_code
from forms.application import SectionForm, posted_lines, section_form
from forms.delays import DELAY_PATHS, DelayForm
from forms.fields import LongTextField, SelectField, TextField
from forms.posted import posted_id, posted_number
from services.door import Delay, PlaceToMend
from services.seen_answers import PlaceGroup
from services.task_steps import Step

REASON_LENGTH = 2000
FIRST_PLACES = 5
MOST_PLACES = 60

REASON_MISSING = Text(
    zh="请写明理由，申请人会看到。", en="Give the reason; the applicant will read it."
)
REASON_TOO_LONG = Text(
    zh="请把理由控制在 2000 字以内。", en="Keep the reason within 2,000 characters."
)
REASON_UNKNOWN = Text(
    zh="没有这个常用理由。请重新选择，或直接在下面写。",
    en="There is no such usual reason. Choose again, or write your own below.",
)
PLACE_MISSING = Text(zh="请选择是哪一处需要修改。", en="Choose which place needs to be changed.")
PLACE_REASON_MISSING = Text(
    zh="请写明这一处哪里不对，申请人会看到。",
    en="Say what is wrong here; the applicant will read it.",
)
PLACES_MISSING = Text(
    zh="请至少列出一处需要修改的内容，一次列全。",
    en="List at least one thing to mend, and list them all at once.",
)
PAGE_IS_OLD = Text(
    zh="页面信息不完整，这一步没有办理。请核对后再提交一次。",
    en="The page was incomplete and nothing was done. Check it and send it again.",
)


class GroupedSelectField(SelectField):
    """One of many, under headings: ``groups`` has each heading's places."""

    groups: Sequence[PlaceGroup] = ()

    @staticmethod
    def widget(field: Any, **_options: Any) -> Markup:
        """A list that opens, with headings."""
        options = _option("", _("请选择"), field.data) + _grouped(field)
        return widgets.select(field).replace("</select>", options + Markup("</select>"))


class ReasonForm(Form):
    reason_code = TextField()
    reason = LongTextField(rows=4)


class PlaceForm(Form):
    """One line of a return."""

    path = GroupedSelectField()
    reason = LongTextField(rows=2)
    suggestion = LongTextField(rows=2)
    new_fact = LongTextField(rows=2)

    @property
    def is_empty(self) -> bool:
        """True if nobody typed in this line; such lines do not count."""
        words = (self.reason, self.suggestion, self.new_fact)
        return not self.path.data and not any((field.data or "").strip() for field in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was typed, read: ready for the door."""

    command_id: UUID
    expected_version: int
    reason: str | None
    reason_code: str | None
    """The usual reason that the words began with."""
    places: tuple[PlaceToMend, ...]
    inputs: Mapping[str, Any]
    delay: Delay | None = None


class DecisionForm:
    """The form of one step, empty or as posted. Its names begin with the step's trigger."""

    def __init__(self, step: Step, groups: Sequence[PlaceGroup], formdata: Any = None) -> None:
        self.step = step
        self.problems: list[dict[str, str]] = []
        self.command_id = formdata.get("command_id", "") if formdata is not None else str(uuid4())
        self.version = (
            formdata.get("expected_version", "") if formdata is not None else str(step.version)
        )
        words = ReasonForm(formdata, prefix=f"{step.trigger}-")
        self.reason, self.reason_code = words.reason, words.reason_code
        self.saved_at: datetime | None = None
        """When the draft was saved that the form shows; None if it shows none."""
        self.reason.label.text = _("理由") if step.reason_required else _("总的说明（选填）")
        self.inputs = _input_form(step, formdata)
        self.places = _place_forms(step, groups, formdata)
        self.delay = DelayForm(formdata, f"{step.trigger}-") if step.delay_required else None

    @property
    def asks_reason(self) -> bool:
        """True if the page offers a box for words to the applicant."""
        return self.step.reason_required or self.step.places_required

    def fill_reason(self) -> None:
        """Put the words of the chosen usual reason into the box, after what stands there."""
        chosen = next(
            (each for each in self.step.reasons if each.code == self.reason_code.data), None
        )
        if chosen is None:
            return
        words, here = chosen.text.to(locale_code()), (self.reason.data or "").strip()
        if words not in here:
            self.reason.data = f"{here}\n{words}".strip()

    @property
    def can_add_places(self) -> bool:
        """True while a return may have more lines."""
        return len(self.places) < MOST_PLACES

    def read(self, on: date) -> Decision | None:
        """What was typed, or None: every mistake is then in ``problems`` and beside its field."""
        reason, places, inputs = self._reason(), self._places(), self._inputs(on)
        reason_code = self._reason_code()
        delay = self.delay.read() if self.delay else None
        self.problems += self.delay.problems if self.delay else []
        command_id, version = posted_id(self.command_id), posted_number(self.version)
        if command_id is None or version is None:
            self.command_id, self.version = str(uuid4()), str(self.step.version)
            self.problems.append({"id": "", "text": PAGE_IS_OLD.to(locale_code())})
        if self.problems or command_id is None or version is None:
            return None
        return Decision(
            command_id=command_id,
            expected_version=version,
            reason=reason,
            reason_code=reason_code,
            places=places,
            inputs=inputs,
            delay=delay,
        )

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put the door's own refusals beside their fields."""
        for problem in problems:
            if self.delay and problem.path in DELAY_PATHS:
                self.problems += self.delay.blame(problem)
            elif problem.path == "reason":
                self._mark(self.reason, problem.sentence)
            elif self.places and (control := self._control_of(problem.path)) is not None:
                self._mark(control, problem.sentence)
            elif self.inputs and problem.path in self.inputs.lines[0]:
                self._mark(self.inputs.lines[0][problem.path], problem.sentence)
            else:
                self.problems.append({"id": "", "text": problem.sentence.to(locale_code())})

    def _control_of(self, path: str) -> Any:
        """The control that a refusal of the list is about: ``places``, or one entry of it."""
        kind, _dot, place = path.partition(".")
        if kind not in {"places", "new_fact"}:
            return None
        line = next((each for each in self.places if each.path.data == place), self.places[0])
        return line.new_fact if kind == "new_fact" else line.path

    def _reason_code(self) -> str | None:
        """The usual reason chosen; a mark beside the list if it is none of this step."""
        chosen = str(self.reason_code.data or "") or None
        if chosen and chosen not in {reason.code for reason in self.step.reasons}:
            self._mark(self.reason_code, REASON_UNKNOWN)
        return chosen

    def _reason(self) -> str | None:
        text = clean(self.reason.data, lines=True)
        if isinstance(text, Unreadable):
            self._mark(self.reason, text.sentence)
        elif len(text) > REASON_LENGTH:
            self._mark(self.reason, REASON_TOO_LONG)
        elif self.step.reason_required and not text:
            self._mark(self.reason, REASON_MISSING)
        else:
            return text or None
        return None

    def _places(self) -> tuple[PlaceToMend, ...]:
        typed = [line for line in self.places if not line.is_empty]
        if self.step.places_required and not typed:
            self._mark(self.places[0].path, PLACES_MISSING)
        return tuple(place for line in typed if (place := self._place(line)))

    def _place(self, line: PlaceForm) -> PlaceToMend | None:
        offered = {place.path for group in line.path.groups for place in group.places}
        if line.path.data not in offered:
            self._mark(line.path, PLACE_MISSING)
        reason, suggestion = self._words(line.reason), self._words(line.suggestion)
        new_fact = self._words(line.new_fact)
        if reason == "":
            self._mark(line.reason, PLACE_REASON_MISSING)
        if line.path.data not in offered or not reason or suggestion is None or new_fact is None:
            return None
        return PlaceToMend(
            path=line.path.data, reason=reason, suggestion=suggestion, new_fact=new_fact
        )

    def _words(self, control: Any) -> str | None:
        """What was typed; None after marking what cannot be taken."""
        text = clean(control.data, lines=True)
        if isinstance(text, Unreadable):
            self._mark(control, text.sentence)
        elif len(text) > REASON_LENGTH:
            self._mark(control, REASON_TOO_LONG)
        else:
            return text
        return None

    def _inputs(self, on: date) -> dict[str, Any]:
        values: dict[str, Any] = {}
        controls = self.inputs.lines[0] if self.inputs else {}
        for field in self.step.inputs:
            control = controls[field.code]
            value = parse(field, control.data, on=on)
            if isinstance(value, Unreadable):
                self._mark(control, value.sentence)
            elif value is not None:
                values[field.code] = value
        return values

    def _mark(self, control: Any, sentence: Text) -> None:
        words = sentence.to(locale_code())
        control.errors = [*control.errors, words]
        self.problems.append({"id": str(control.first_id), "text": words})


def _input_form(step: Step, formdata: Any) -> SectionForm | None:
    if not step.inputs:
        return None
    section = Section(
        code=step.trigger, title=step.label, items=(step.trigger,), fields=step.inputs
    )
    return section_form(section, None, formdata, lambda field: _districts(step, field))


def _districts(step: Step, field: Field) -> list[SelectChoice]:
    """The districts of a step; no other input of an officer has choices of its own."""
    if field.kind is not FieldKind.DISTRICT:
        return []
    locale = locale_code()
    return [SelectChoice(code, name.to(locale)) for code, name in step.districts]


def _place_forms(step: Step, groups: Sequence[PlaceGroup], formdata: Any) -> list[PlaceForm]:
    if not step.places_required:
        return []
    count = posted_number(formdata.get("place_count")) if formdata is not None else None
    count = max(FIRST_PLACES, count or 0, posted_lines("place", formdata or ()))
    if formdata is not None and "add_places" in formdata:
        count += FIRST_PLACES
    lines = [
        PlaceForm(formdata, prefix=f"place-{number}-") for number in range(min(count, MOST_PLACES))
    ]
    for number, line in enumerate(lines, 1):
        line.path.groups = groups
        line.path.label.text = _("第 %(number)s 处", number=number)
        line.reason.label.text = _("哪里不对")
        line.suggestion.label.text = _("怎么改（选填）")
        line.new_fact.label.text = _("新的情况（上次已经要求过的地方必填）")
    return lines


def _grouped(field: GroupedSelectField) -> Markup:
    locale = locale_code()
    found = Markup()
    for group in field.groups:
        options = Markup().join(
            _option(place.path, place.label.to(locale), field.data) for place in group.places
        )
        found += Markup('<optgroup label="{}">{}</optgroup>').format(
            group.title.to(locale), options
        )
    return found


def _option(value: str, label: str, chosen: object) -> Markup:
    mark = Markup(" selected") if value == (chosen or "") else Markup()
    return Markup('<option value="{}"{}>{}</option>').format(value, mark, label)
