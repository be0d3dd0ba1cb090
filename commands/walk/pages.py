"""A page as a person without a mouse knows it: its forms, buttons, links and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

CHOSEN_KINDS = frozenset({"radio", "checkbox"})
BUTTON_KINDS = frozenset({"submit", "image"})
SILENT = frozenset({"script", "style", "svg", "template"})


class WalkError(Exception):
    """The walk cannot go on; the message says where and why."""


@dataclass(slots=True)
class Control:
    """One named control of a form: what it is, what it would send, what may be chosen."""

    name: str
    kind: str
    sent: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Button:
    """A button that sends its form."""

    name: str
    value: str
    text: str = ""
    action: str = ""
    """Its own address, if it has one."""


@dataclass(slots=True)
class Form:
    """One form of a page."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, values: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """What the form sends with ``values`` typed or chosen, all else as the page has it.

        Raises `WalkError` for a name or a choice that the page does not offer: nothing is sent
        that a person could not send.
        """
        for name, wanted in values.items():
            control = self.controls.get(name)
            if control is None:
                raise WalkError(f"{self.action}: the page has no field {name!r}")
            offered = control.kind in CHOSEN_KINDS or control.kind == "select"
            missing = set(wanted) - set(control.options) if offered else set()
            if missing:
                raise WalkError(f"{self.action}: {name!r} does not offer {sorted(missing)}")
        return [
            (name, value)
            for name, control in self.controls.items()
            for value in values.get(name, control.sent)
        ]

    def button(self, name: str = "", value: str = "") -> Button | None:
        """The button with this name and value; without a name the first button."""
        for each in self.buttons:
            if not name or (each.name == name and value in {"", each.value}):
                return each
        return None


@dataclass(slots=True)
class Page:
    """An answer of the server, read."""

    address: str
    status: int
    body: str
    forms: list[Form]
    links: list[tuple[str, str]]
    """Address and words of each link."""
    words: str
    """The page's text in reading order, one line an element."""
    title: str

    def form(self, *, to: str) -> Form:
        """The form whose address ends with ``to``. Raises `WalkError` if there is none."""
        for form in self.forms:
            if form.action.partition("?")[0].endswith(to):
                return form
        raise WalkError(f"{self.address}: no form goes to {to!r}\n{self.excerpt()}")

    def link(self, part: str) -> str:
        """The address of the first link that contains ``part``, or raises `WalkError`."""
        for address, _words in self.links:
            if part in address:
                return address
        raise WalkError(f"{self.address}: no link to {part!r}\n{self.excerpt()}")

    def has_link(self, part: str) -> bool:
        """Whether a link contains ``part``."""
        return any(part in address for address, _words in self.links)

    def excerpt(self, lines: int = 12) -> str:
        """The first words of the page, for a message about what went wrong."""
        found = [line for line in self.words.splitlines() if line.strip()]
        return "\n".join(["  " + line for line in [self.title, *found[:lines]]])


def read(address: str, status: int, body: str) -> Page:
    """Read the HTML of a page."""
    reader = _Reader(address)
    reader.feed(body)
    reader.close()
    words = "\n".join(line for line in reader.lines if line)
    return Page(address, status, body, reader.forms, reader.links, words, reader.title.strip())


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address.partition("?")[0]
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.lines: list[str] = []
        self.title = ""
        self._form: Form | None = None
        self._select: Control | None = None
        self._area: Control | None = None
        self._button: Button | None = None
        self._link: str | None = None
        self._link_words = ""
        self._silent = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self._silent += 1
        begin = getattr(self, f"_begin_{tag}", None)
        if begin is not None:
            begin(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        end = getattr(self, f"_end_{tag}", None)
        if end is not None:
            end()

    def handle_data(self, data: str) -> None:
        if self._in_title and not self._silent:
            self.title += data
        if self._area is not None:
            self._area.sent[0] += data
            return
        words = " ".join(data.split())
        if not words or self._silent:
            return
        if self._button is not None:
            self._button.text += words
        if self._link is not None:
            self._link_words += words
        self.lines.append(words)

    def _begin_title(self, _given: dict[str, str]) -> None:
        self._in_title = True

    def _end_title(self) -> None:
        self._in_title = False

    def _begin_form(self, given: dict[str, str]) -> None:
        method = given.get("method", "get").lower()
        self._form = Form(given.get("action") or self.address, method)
        self.forms.append(self._form)

    def _end_form(self) -> None:
        self._form = None

    def _begin_a(self, given: dict[str, str]) -> None:
        self._link, self._link_words = given.get("href"), ""

    def _end_a(self) -> None:
        if self._link is not None:
            self.links.append((self._link, self._link_words))
        self._link = None

    def _begin_input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text").lower(), given.get("name", "")
        if kind in BUTTON_KINDS:
            self._add_button(given, given.get("value", ""))
            return
        if self._form is None or not name or "disabled" in given:
            return
        control = self._form.controls.setdefault(name, Control(name, kind))
        value = given.get("value", "on" if kind in CHOSEN_KINDS else "")
        if kind in CHOSEN_KINDS:
            control.options.append(value)
        if kind not in CHOSEN_KINDS or "checked" in given:
            control.sent.append(value)

    def _begin_select(self, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if self._form is not None and name:
            self._select = self._form.controls.setdefault(name, Control(name, "select"))

    def _begin_option(self, given: dict[str, str]) -> None:
        if self._select is None or "disabled" in given:
            return
        value = given.get("value", "")
        self._select.options.append(value)
        if "selected" in given:
            self._select.sent = [value]

    def _end_select(self) -> None:
        if self._select is not None and not self._select.sent:
            self._select.sent = self._select.options[:1]
        self._select = None

    def _begin_textarea(self, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if self._form is not None and name:
            self._area = Control(name, "textarea", [""])
            self._form.controls[name] = self._area

    def _end_textarea(self) -> None:
        if self._area is not None:
            self._area.sent[0] = self._area.sent[0].removeprefix("\n")
        self._area = None

    def _begin_button(self, given: dict[str, str]) -> None:
        if given.get("type", "submit").lower() == "submit":
            self._button = self._add_button(given, "")

    def _end_button(self) -> None:
        self._button = None

    def _add_button(self, given: dict[str, str], text: str) -> Button | None:
        if self._form is None:
            return None
        button = Button(
            given.get("name", ""), given.get("value", ""), text, given.get("formaction", "")
        )
        self._form.buttons.append(button)
        return button
