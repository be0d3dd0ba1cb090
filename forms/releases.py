"""Why an entry is given back to the queue, if its holder says so."""

from collections.abc import Mapping

from core.text import Text
from forms.accounts import locale_code
from forms.reasons import read_reason


class ReleaseForm:
    """The words as posted; if they cannot be taken, ``problems`` says why."""

    def __init__(self, formdata: Mapping[str, str]) -> None:
        self.reason = formdata.get("reason", "")
        self.problems: list[dict[str, str]] = []

    @property
    def mistake(self) -> str:
        """The sentence beside the field; empty if it is right."""
        return next((each["text"] for each in self.problems), "")

    def read(self) -> str | None:
        """The reason, empty if none was given; None if it cannot be taken."""
        reason = read_reason(self.reason)
        if isinstance(reason, Text):
            self.problems.append({"id": "release-reason", "text": reason.to(locale_code())})
            return None
        return reason
