"""The signed promise of missing papers, as its receipt and the notice of acceptance print it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from catalog.exits import Overdue
from catalog.promise_words import WHAT_FOLLOWS
from catalog.schema import OneThing
from catalog.summaries import day_in_words
from core.clock import CIVIL_ZONE
from core.text import CHINESE, ENGLISH, Text
from services.door.tolerance import PROMISE
from services.returned import Fact
from workflows.clocks import Limit, Unit, words_of_limit

PROMISED = Text(zh="承诺补交：{paper}", en="Promised for later: {paper}")
WITHIN = Text(zh="受理后 {limit}内；{follows}", en="within {limit} of acceptance; {follows}")
UNTIL = Text(zh="最迟 {day}", en="at the latest on {day}")
TEXT = Text(zh="承诺书文本", en="Text of the promise")
VERSION = Text(zh="{day}版，已由申请人签署", en="of {day}, signed by the applicant")
COMMITMENT = Text(zh="承诺书校验值（HMAC-SHA256）", en="Commitment to the promise (HMAC-SHA256)")


def facts(thing: OneThing, body: Mapping[str, Any]) -> Iterator[Fact]:
    """What a paper says of the promise that its event keeps, or that it rests on."""
    promise = body.get(PROMISE)
    if promise is None:
        return
    for paper in promise.get("papers", ()):
        within = Limit(int(paper["within"]["amount"]), Unit(paper["within"]["unit"]))
        yield Fact(
            label=PROMISED.format(paper=thing.material(paper["code"]).title),
            value=WITHIN.format(
                limit=words_of_limit(within), follows=WHAT_FOLLOWS[Overdue(paper["overdue"])]
            ),
        )
    for row in body.get("rows", {}).get("tolerated_papers", ()):
        day = datetime.fromisoformat(row["due_at"]).astimezone(CIVIL_ZONE).date().isoformat()
        yield Fact(
            label=PROMISED.format(paper=thing.material(row["material_code"]).title),
            value=UNTIL.format(day=_day(day)),
        )
    yield Fact(label=TEXT, value=VERSION.format(day=_day(promise["version"])))
    commitment = promise.get("commitment") or body.get("commitments", {}).get("text")
    if commitment:
        yield Fact(label=COMMITMENT, value=Text(zh=commitment, en=commitment))


def _day(iso: str) -> Text:
    return Text(zh=day_in_words(iso, CHINESE), en=day_in_words(iso, ENGLISH))
