"""The words a one-thing may use: typed, frozen, nothing executable but expressions in CEL."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field as Bounded

from catalog import register_numbers
from catalog.automatic_decisions import AutomaticDecision
from catalog.charges import Charge
from catalog.exits import Commitment, Tolerance
from catalog.limits import Extension, LimitDefinition, Resubmission, Supervision
from catalog.parameters import Parameter
from catalog.savings import SavingsLine
from catalog.supplements import SupplementMode
from core.text import Text
from workflows.clocks import Unit
from workflows.process import Code, Frozen, Process


class FieldKind(StrEnum):
    """The kinds of question; `catalog.fields` holds how each is read and checked."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHINESE_NAME = "chinese_name"
    INTEGER = "integer"
    MONEY = "money"  # typed in yuan, kept in fen
    PERCENT = "percent"  # kept as hundredths of a percent
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    PROMISE = "promise"  # a box that must be ticked
    RESIDENT_ID = "resident_id"
    CREDIT_CODE = "credit_code"
    MOBILE_PHONE = "mobile_phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    NAME_PREFIX = "name_prefix"  # 行政区划, one of the district's `name_prefixes`
    REGION = "region"  # a county of GB/T 2260, six digits
    SCOPE_CODE = "scope_code"  # 规范条目, one
    SCOPE_CODES = "scope_codes"  # 规范条目, several
    MAKER = "maker"  # a seal maker from the neutral, rotating list
    DISTRICT = "district"  # 区域, one of those that the routing data name


class Option(Frozen):
    """One choice of a field; ``unavailable`` says where to go instead, and it cannot be chosen."""

    value: Code
    label: Text
    hint: Text | None = None
    unavailable: Text | None = None


class Field(Frozen):
    """One question, asked once for every department (一表申请)."""

    code: Code
    kind: FieldKind
    label: Text
    hint: Text | None = None
    required: bool = True
    when: str | None = None
    """CEL: asked only if true. ``row`` is the section (or this line of it), others by name."""
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    """Bounds of numbers (money in fen, percent in hundredths), of characters for text, and of days
    from the one on which a date is typed."""
    personal: bool = False
    """Personal data: shown masked except to the items that need it."""
    items: tuple[Code, ...] = ()
    """The items that may see it; empty means those of its section."""
    only_served: bool = False
    """Of a region: only the counties for which the window of the case takes this one-thing in."""
    default: str | None = None
    """What stands there before anyone types; several choices are separated by spaces."""
    autocomplete: str | None = None
    suggestions: Literal["colleagues"] | None = None
    """Of a text that an officer types: names to choose from; others may be typed."""


class Repeat(Frozen):
    """A section that is filled several times, e.g. once per shareholder."""

    minimum: int = Bounded(ge=0)
    maximum: int = Bounded(ge=1, le=200)
    line_title: Text
    """With ``{number}``: 股东 {number}."""


class Section(Frozen):
    """One page of the form."""

    code: Code
    title: Text
    introduction: Text | None = None
    when: str | None = None
    repeat: Repeat | None = None
    items: tuple[Code, ...] = Bounded(min_length=1)
    """The items whose officers may read the answers."""
    fields: tuple[Field, ...] = Bounded(min_length=1)


class Rule(Frozen):
    """A law across fields: the expression must be true, otherwise the sentence is shown."""

    code: Code
    expression: str
    when: str | None = None
    each: Code | None = None
    """A repeating section: the rule is asked for each line as ``row``, named so in its paths."""
    message: Text
    legal_basis: Text | None = None
    paths: tuple[str, ...] = Bounded(min_length=1)


class OutputFact(Frozen):
    """One line of a result: answers of the form that stand on it, one after the other."""

    label: Text
    paths: tuple[str, ...] = Bounded(min_length=1)
    """Questions, as ``section.field``; those that were not asked are left out."""


class OutputDefinition(Frozen):
    """A result that an item issues (结果/证照)."""

    code: Code
    title: Text
    kind: Literal["licence", "notice", "receipt", "number", "seal"]
    number_from: Literal["credit_code", "sequence", "input", "register"] = "sequence"
    input: Code | None = None
    """The officer's input that holds the number, when ``number_from`` is ``input``."""
    number_pattern: str | None = Bounded(default=None, pattern=register_numbers.PATTERN)
    """How its register numbers it, when ``number_from`` is ``register``."""
    electronic: bool = True
    facts: tuple[OutputFact, ...] = ()
    """What stands on it beside its number."""

    @property
    def short_title(self) -> Text:
        """The title without what stands in brackets behind it."""
        return Text(zh=self.title.zh.split("（")[0], en=self.title.en.split(" (")[0])


class SealOrderPaths(Frozen):
    """Where the answers say which seals to make and by whom, as ``section.field``."""

    kinds: str
    material: str
    maker: str


class Visits(Frozen):
    """How often somebody must go somewhere in person, and why."""

    count: int = Bounded(ge=0, le=20)
    reason: Text
    source: Text | None = None
    """The law or rule that it rests on, or that it is an assumption of the demonstration."""


class Item(Frozen):
    """One department's part of the one-thing (事项)."""

    code: Code
    title: Text
    public_title: Text
    department: Code
    process: Code
    after: tuple[Code, ...] = ()
    when: str | None = None
    """CEL over the answers: otherwise the task is not required."""
    promised_limit: LimitDefinition
    statutory_limit: LimitDefinition | None = None
    extension: Extension | None = None
    """Of both limits; None if the law knows no extension."""
    state_limits: dict[Code, LimitDefinition] = Bounded(default_factory=dict)
    """Limits of single states of its process, in place of the process's own."""
    state_days: dict[Code, str] = Bounded(default_factory=dict)
    """States that end with a day which the form names, as ``section.field``."""
    commitment: Commitment | None = None
    """Given if the applicant may choose a commitment."""
    automatic_decision: AutomaticDecision | None = None
    """The rules by which it is granted without a hand, where its office switched them on."""
    is_safety_class: bool = False
    """Concerns national security, public safety or life and health: no promise stands for it."""
    decide_after: tuple[Code, ...] = ()
    """Items that must hold before this one may be granted; it is worked on meanwhile."""
    supervision: Supervision | None = None
    """Its own thresholds, in place of the one-thing's."""
    counts_for_core: bool = False
    core_ends_on: Code | None = None
    """The trigger that ends the item's part of T_core; by default its end."""
    limits_end_on: Code | None = None
    """The trigger with which both of its limits are met; by default its end. What is still to be
    done then has limits of its own, state by state."""
    outputs: tuple[OutputDefinition, ...] = ()
    savings: tuple[SavingsLine, ...] = ()
    seal_order: SealOrderPaths | None = None
    """Given for the item that makes seals."""
    online: bool = False
    """Whether it can be applied for on the web. Versions from before the question count as no."""
    visits: Visits | None = None
    """The fewest visits with which it can be finished; None, in old versions: nobody said."""
    fee: Text
    """What it costs, in words."""
    charge: Charge | None = None
    """Given if it costs anything."""
    description: Text


class FileType(StrEnum):
    """What a paper may be sent as; the bytes of a file decide, never its name."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


class Material(Frozen):
    """A paper of the one-thing, and how it is met.

    Files are taken if it is met by ``upload``, and by choice if a commitment stands in for it.
    """

    code: Code
    title: Text
    met_by: Literal["generated", "shared", "commitment", "upload"]
    description: Text
    items: tuple[Code, ...]
    """The items whose officers may open its files."""
    when: str | None = None
    """CEL over the answers: asked for only if true."""
    condition: Text | None = None
    """The same in words, for the guide."""
    required: bool = True
    """Of an upload: False if the case may be submitted without it."""
    tolerance: Tolerance | None = None
    """Of an upload: how it may come after acceptance."""
    exempt_by: str | None = None
    """Of a commitment: the promise, as ``section.field``, that stands in for the paper."""
    accepts: tuple[FileType, ...] = tuple(FileType)
    maximum_files: int = Bounded(default=5, ge=1, le=20)
    maximum_bytes: int = Bounded(default=10 * 1024 * 1024, ge=1024, le=50 * 1024 * 1024)
    """Of one file."""
    maximum_pages: int = Bounded(default=50, ge=1, le=500)
    """Of one file."""

    @property
    def takes_files(self) -> bool:
        """True if files can be added to it."""
        return self.met_by == "upload" or self.exempt_by is not None


class GuidePart(Frozen):
    """A part of the public guide, or a question that people often ask."""

    code: Code
    kind: Literal["part", "question"] = "part"
    title: Text
    paragraphs: tuple[Text, ...] = Bounded(min_length=1)


class OneThing(Frozen):
    """A bundle of items with one form, one acceptance and one exit (一件事)."""

    code: Code
    version: int = Bounded(ge=1)
    title: Text
    summary: Text
    life_event: Text
    audience: tuple[Text, ...]
    district_question: Text | None = None
    """How somebody is asked for the district; in general words without it."""
    district_hint: Text | None = None
    serves: tuple[Literal["individuals", "enterprises"], ...] = ("individuals", "enterprises")
    """Under whom the front page lists it."""
    keywords: tuple[Annotated[str, Bounded(min_length=2, max_length=40)], ...] = ()
    """Other words by which people look for it: everyday words of both languages, initials."""
    visits: Visits | None = None
    fee: Text | None = None
    """What the whole costs, in a word or two."""
    accepted_by: Code
    """The item whose department accepts the case."""
    supplement_mode: SupplementMode
    """Registration returns the form without a clock; licensing asks once and stops the clock. The
    case process must do what it says, and people are told so."""
    promised_limit: LimitDefinition | None = None
    """Of the whole case, from its acceptance."""
    statutory_limit: LimitDefinition | None = None
    """Of the whole case: joint handling (Administrative Licensing Law 42)."""
    extension: Extension | None = None
    """Of the whole case's limits."""
    supervision: Supervision = Supervision()
    resubmission: Resubmission = Resubmission(
        within=LimitDefinition(amount=15, unit=Unit.WORKING_DAYS), at_most_days=90
    )
    case_process: Code
    parameters: tuple[Parameter, ...] = ()
    """Local numbers; the file names them, and here they stand already where they are used."""
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    items: tuple[Item, ...]
    materials: tuple[Material, ...]
    guide: tuple[GuidePart, ...] = ()
    title_expression: str
    """CEL over the answers that gives the text a queue shows as the case's title."""

    def item(self, code: str) -> Item:
        """The item called ``code``; KeyError if there is none."""
        return self._items_by_code[code]

    @cached_property
    def _items_by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    def section(self, code: str) -> Section:
        """The section called ``code``; KeyError if there is none."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)

    def material(self, code: str) -> Material:
        """The material called ``code``; KeyError if there is none."""
        for material in self.materials:
            if material.code == code:
                return material
        raise KeyError(code)


class Reason(Frozen):
    """A usual reason for a step: words to begin with, and the law they rest on."""

    code: Code
    title: Text
    """What the officer chooses by."""
    text: Text
    """What the applicant will read, unless the officer writes it otherwise."""
    legal_basis: Text | None = None
    """Law and article; empty where the reason is one of fact."""


class ProcessDefinition(Process):
    """A process with what its officers type at each trigger."""

    inputs: dict[Code, tuple[Field, ...]] = Bounded(default_factory=dict)
    reasons: dict[Code, tuple[Reason, ...]] = Bounded(default_factory=dict)
    """The usual reasons of a trigger, for those that take words to the applicant."""

    def reason(self, trigger: str, code: str | None) -> Reason | None:
        """The usual reason that an officer chose; None if none, or if it is not known here."""
        return next((each for each in self.reasons.get(trigger, ()) if each.code == code), None)


class ReviewBody(Frozen):
    """Who reviews the decisions of a department (行政复议机关), and by which law."""

    name: Text
    legal_basis: Text


class Department(Frozen):
    """A body that handles items."""

    code: Code
    name: Text
    short_name: Text
    review_body: ReviewBody | None = None
    """None for a body that is no administrative organ: it makes no decisions to be reviewed."""


class District(Frozen):
    """A district with a window: six digits of GB/T 2260, or these with a zone."""

    code: str = Bounded(pattern=r"^[0-9]{6}(-[a-z]{2,8})?$")
    name: Text
    region_code: str = Bounded(pattern=r"^[0-9]{6}$")
    name_prefixes: tuple[str, ...]
    """How a company name registered here may begin (企业名称中的行政区划)."""

    @property
    def served_regions(self) -> tuple[str, ...]:
        """The counties for which it takes applications in: by itself its own alone."""
        return (self.region_code,)
