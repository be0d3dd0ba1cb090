"""What the domain may refuse. No HTTP here: ``views/errors.py`` maps each class to a status."""

from dataclasses import dataclass
from typing import ClassVar

from core.text import Text


class DomainError(Exception):
    """Base of every refusal that a person can understand and act upon.

    ``sentence`` is shown to the person, in their language; ``advice`` says what to do next.
    """

    code: ClassVar[str] = "domain_error"

    def __init__(self, sentence: Text, advice: Text | None = None) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
        self.advice = advice


class NotFoundError(DomainError):
    """It does not exist, or it is not yours: the two are not told apart."""

    code = "not_found"


class NotSignedInError(DomainError):
    """Nobody is signed in."""

    code = "not_signed_in"


class ForgedFormError(DomainError):
    """What was sent comes from no page that we drew for this person in this browser."""

    code = "forged"


class NotPermittedError(DomainError):
    """The person is known and may not do this."""

    code = "not_permitted"


class TransitionRefusedError(DomainError):
    """The process has no such move from here, or a guard said no."""

    code = "transition_refused"


class ConflictError(DomainError):
    """Somebody else was faster; the sentence says who did what."""

    code = "conflict"


class TooManyAttemptsError(DomainError):
    """The throttle is closed; ``wait_seconds`` until it opens."""

    code = "too_many_attempts"

    def __init__(self, sentence: Text, wait_seconds: int) -> None:
        super().__init__(sentence)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake beside its cause: ``path`` is ``section.field`` or ``section.0.field``."""

    path: str
    sentence: Text


class RuleViolatedError(DomainError):
    """What was typed breaks a rule; ``problems`` names each place."""

    code = "rule_violated"

    def __init__(self, problems: tuple[Problem, ...], sentence: Text | None = None) -> None:
        super().__init__(
            sentence
            or Text(
                zh="有内容需要修改，请查看每一处的说明。",
                en="Some answers need to be changed. See the sentence at each place.",
            )
        )
        self.problems = problems


class DefinitionError(DomainError):
    """A catalogue file is wrong. Raised at load, never during a request."""

    code = "definition_error"


class SettingsError(DomainError):
    """The program may not start like this; the sentence says what to set."""

    code = "settings_error"
