"""What asking an applicant's consent must hold: both answers are there, wherever it may be used."""

from collections.abc import Iterator

from catalog.schema import ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.permissions import Permission
from workflows.process import Consent, Effect, Transition

Found = Iterator[tuple[Place, Text]]

NO_ANSWER = Text(
    zh="状态“{state}”里征求申请人同意以后，没有答复“{answer}”（consent: {code}）的一步。",
    en='In "{state}" the applicant is asked for consent, and there is no step that answers '
    '"{answer}" (consent: {code}).',
)
NOBODY_ASKED = Text(
    zh="“{name}”答复是否同意，应由申请人办理（case:apply），并且答复（follows）征求同意的一步。",
    en='"{name}" answers whether the applicant agrees, so it needs case:apply and follows a step '
    "that asks for consent (ask_consent).",
)
BOTH_WAYS = Text(
    zh="动作“{name}”在一处表示同意，在另一处表示不同意。",
    en='"{name}" agrees in one row and disagrees in another.',
)
_IN_WORDS = {
    Consent.GIVEN: Text(zh="同意", en="yes"),
    Consent.WITHHELD: Text(zh="不同意", en="no"),
}


def consent_mistakes(process: ProcessDefinition) -> Found:
    """Everything that is wrong with how a process asks for consent and takes the answer."""
    asking = {row.trigger for row in process.transitions if Effect.ASK_CONSENT in row.effects}
    said: dict[str, Consent] = {}
    for at, row in enumerate(process.transitions):
        if row.consent is None:
            continue
        place: Place = ("transitions", at, "consent")
        if not _answers(row, asking):
            yield place, NOBODY_ASKED.format(name=row.trigger)
        if said.setdefault(row.trigger, row.consent) is not row.consent:
            yield place, BOTH_WAYS.format(name=row.trigger)
    if asking:
        yield from _unanswered(process)


def _answers(row: Transition, asking: set[str]) -> bool:
    follows = set(row.follows.triggers) if row.follows else set()
    return row.permission is Permission.CASE_APPLY and bool(follows & asking)


def _unanswered(process: ProcessDefinition) -> Found:
    """Wherever the question stands, or the limit may be extended, both answers are possible."""
    open_in = {row.destination for row in process.transitions if Effect.ASK_CONSENT in row.effects}
    for row in process.transitions:
        if Effect.EXTEND_LIMIT in row.effects:
            open_in.update(row.sources)
    for at, state in enumerate(process.states):
        if state.code not in open_in:
            continue
        possible = {row.consent for row in process.from_state(state.code)}
        for answer in Consent:
            if answer not in possible:
                words = NO_ANSWER.format(
                    state=state.code, answer=_IN_WORDS[answer], code=answer.value
                )
                yield ("states", at, "code"), words
