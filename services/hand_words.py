"""What an event says of people, in words: whose work it became and why, and who signed for whom."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.text import Text
from services import desks

Names = Mapping[UUID, str]

SIGNED = Text(zh="{name}（经 {giver} 授权代签）", en="{name} (signed for {giver}, by delegation)")
ON_PAPER = Text(zh="经 {giver} 授权，{name} 代签", en="Signed by {name} for {giver}, by delegation")
ASSIGNED = Text(zh="分给 {name}", en="assigned to {name}")
TO_NOBODY = Text(
    zh="没有人可以分给，留在岗位上", en="nobody could be given it; it stays at the desk"
)
NOBODY_LEFT = Text(
    zh="岗位上已没有人可以办理，须由负责人另行安排",
    en="nobody at the desk can handle it any more; the head must find another way",
)
CAUSES = {
    "absence": Text(zh="原办理人离岗", en="who had it is away"),
    "conflict": Text(zh="原办理人回避", en="who had it keeps out"),
    "returned": Text(zh="回到原办理人", en="back to who had it, or their deputy"),
}
KINDS = {
    "load": Text(zh="按工作量", en="by load"),
    "turn": Text(zh="按轮流", en="in turn"),
    "rule": Text(zh="按规则", en="by rule"),
}
LEFT_OUT = Text(zh="未参与分派：{people}", en="left out: {people}")
WHY = {
    "absent": Text(zh="离岗", en="away"),
    "conflict": Text(zh="回避", en="conflict of interest"),
    "prepared": Text(zh="回避，或参与了准备", en="conflict, or prepared it"),
    "not_named": Text(zh="规则未指定", en="not named by the rule"),
}
GONE = "—"


def names_in(session: Session, bodies: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """The names of everybody whom these events name; nothing is read if they name nobody."""
    ids = {person for body in bodies for person in _people(body)}
    return desks.names(session, ids)


def signature(name: Text, body: Mapping[str, Any], names: Names) -> Text:
    """Who did it; with whose delegation, if it was not by a right of their own."""
    delegation = body.get("delegation")
    if not delegation:
        return name
    return SIGNED.format(name=name, giver=names.get(UUID(delegation["giver"]), GONE))


def signed_for(session: Session, actor_id: UUID, body: Mapping[str, Any]) -> Text | None:
    """What a paper says of who signed it for whom; None if it was by a right of their own."""
    delegation = body.get("delegation")
    if not delegation:
        return None
    giver = UUID(delegation["giver"])
    names = desks.names(session, [actor_id, giver])
    return ON_PAPER.format(giver=names.get(giver, GONE), name=names.get(actor_id, GONE))


def notes(body: Mapping[str, Any], names: Names) -> Iterator[Text]:
    """What became of an entry, how it came to that, and who was left out."""
    found = body.get("assignment")
    if found:
        to = found.get("to")
        yield (ASSIGNED.format(name=names.get(UUID(to), GONE)) if to else TO_NOBODY)
        for words in (CAUSES.get(found.get("cause", "")), KINDS.get(found.get("kind", ""))):
            if words is not None:
                yield words
        if found.get("left_out"):
            yield LEFT_OUT.format(people=_left_out(found["left_out"], names))
    if body.get("nobody_left"):
        yield NOBODY_LEFT


def _left_out(left_out: Iterable[Mapping[str, str]], names: Names) -> Text:
    parts = [
        (
            names.get(UUID(each["id"]), GONE),
            WHY.get(each["why"], Text(zh=each["why"], en=each["why"])),
        )
        for each in left_out
    ]
    return Text(
        zh="，".join(f"{name}（{why.zh}）" for name, why in parts),
        en=", ".join(f"{name} ({why.en})" for name, why in parts),
    )


def _people(body: Mapping[str, Any]) -> Iterator[UUID]:
    if body.get("delegation"):
        yield UUID(body["delegation"]["giver"])
    found = body.get("assignment") or {}
    if found.get("to"):
        yield UUID(found["to"])
    for each in found.get("left_out", ()):
        yield UUID(each["id"])
