"""What an event says of itself, in words: made from its codes, so that it outlives erased texts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from catalog.exit_checks import CAUSE, EXPECTED_DAYS
from catalog.schema import OneThing
from catalog.summaries import day_in_words
from core.clock import CIVIL_ZONE
from core.text import CHINESE, ENGLISH, Text
from services import assessments
from services.door.commitments import BARRED, COMMITMENT
from services.door.pauses import EXPECTED_UNTIL, HEARING_ON
from services.door.placing import AS_ACCEPTED, AS_SENT, KEPT, REROUTED
from services.door.reopening import DEEMED
from services.door.returns import DUE_INPUT
from services.door.tolerance import AWAITED, AWAITED_UNTIL, PROMISE
from services.routing import district_name
from workflows.clock_folds import EXTEND
from workflows.clocks import Limit, Unit, words_of_limit
from workflows.process import PauseCause

ASKED = Text(
    zh="要求修改 {count} 处，最迟 {day}", en="places to change: {count}, at the latest on {day}"
)
ASKED_AGAIN = Text(
    zh="其中 {count} 处以前已经要求过，理由：新的情况",
    en="of these asked for before: {count}; reason: a new fact",
)
SET_ASIDE = Text(
    zh="申请人改过、还没有提交的内容另外保存", en="What the applicant had not sent is kept apart"
)
IS_DEEMED = Text(
    zh="没有人受理，依法视为受理，自收到材料之日起算",
    en="Nobody accepted it; by law it counts as accepted from the day its papers arrived",
)
PROCEDURE = Text(
    zh="法定情形：{cause}，预计 {days} 个工作日，到 {day}",
    en="Cause: {cause}; expected to take {days} working days, until {day}",
)
HEARING = Text(zh="听证定在 {day}", en="The hearing is on {day}")
EXTENDED = Text(zh="期限延长 {amount}", en="Extended by {amount}")
PROMISED = Text(
    zh="承诺补交：{papers}，最迟 {day}", en="Promised for later: {papers}, at the latest on {day}"
)
SIGNED = Text(zh="签署容缺承诺：{papers}", en="Signed the promise of papers: {papers}")
SUPPLIED = Text(zh="补交：{papers}", en="Brought: {papers}")
OVERDUE = Text(zh="逾期未交：{papers}", en="Not brought in time: {papers}")
NO_COMMITMENT = Text(
    zh="申请人选择了告知承诺，因信用记录尚未修复，按一般程序办理",
    en="The applicant chose a commitment; the record is not repaired, so it goes the ordinary way",
)
WENT = Text(zh="由{here}转到{there}", en="from {here} to {there}")
REROUTES: Mapping[str, Text] = {
    AS_SENT: Text(
        zh="“{item}”的通办路由在提交以后变了，仍按提交时的路由，由{there}办理",
        en="The routes of {item} changed after it was sent; by those of then {there} decides it",
    ),
    AS_ACCEPTED: Text(
        zh="“{item}”的通办路由在提交以后变了，提交时应由{before}办理，现在由{there}办理",
        en="The routes of {item} changed after it was sent: then {before} decided it, now {there}",
    ),
    KEPT: Text(
        zh="“{item}”已没有可用的通办路由，由接收它的{there}自己办理",
        en="No route is left for {item}; {there}, where it was handed in, decides it",
    ),
}
HASH_SENT = Text(
    zh="{item}移交给{place}，校验值 {hash}…", en="{item} handed over to {place}, hash {hash}…"
)
HASH_FOUND = Text(
    zh="移交方校验值 {sent}…，接收方算出 {found}…",
    en="hash of the sender {sent}…, computed by the receiver {found}…",
)
DUE_MOVED = Text(
    zh="{which}到期时间由 {before} 改为 {after}", en="{which}: due on {after} instead of {before}"
)
DUE_STAYS = Text(zh="到期时间不变", en="nothing is due at another time")
COUNTED = (
    ("due_at", Text(zh="承诺", en="promised")),
    ("statutory_due_at", Text(zh="法定", en="by law")),
    ("state_due_at", Text(zh="这一步的", en="this step")),
)
CAUSES: Mapping[str, Text] = {
    PauseCause.TENDER: Text(zh="招标", en="tender"),
    PauseCause.AUCTION: Text(zh="拍卖", en="auction"),
    PauseCause.INSPECTION: Text(zh="检验", en="inspection of goods"),
    PauseCause.TESTING: Text(zh="检测", en="testing"),
    PauseCause.QUARANTINE: Text(zh="检疫", en="quarantine"),
    PauseCause.APPRAISAL: Text(zh="鉴定", en="appraisal"),
    PauseCause.EXPERT_REVIEW: Text(zh="专家评审", en="expert review"),
    PauseCause.HEARING: Text(zh="听证", en="hearing"),
}


def notes(thing: OneThing, item_code: str | None, body: Mapping[str, Any]) -> Iterator[Text]:
    """The lines that an event's ``body`` comes to; ``item_code`` is the part it is about."""
    yield from _returned(body)
    yield from _handed_over(thing, body)
    if body.get(DEEMED):
        yield IS_DEEMED
    if CAUSE in body and EXPECTED_DAYS in body:
        cause = str(body[CAUSE])
        yield PROCEDURE.format(
            cause=CAUSES.get(cause, Text(zh=cause, en=cause)),
            days=body[EXPECTED_DAYS],
            day=_day(body.get(EXPECTED_UNTIL)),
        )
    if HEARING_ON in body:
        yield HEARING.format(day=_day(body[HEARING_ON]))
    if EXTEND in body.get("clock", {}):
        yield _extended(thing, item_code, int(body["clock"][EXTEND]))
    if body.get(COMMITMENT) == BARRED:
        yield NO_COMMITMENT
    if "recount" in body:
        yield from _counted_again(body["recount"])
    yield from _promises(thing, body)
    yield from assessments.notes(thing, item_code, body)


def _handed_over(thing: OneThing, body: Mapping[str, Any]) -> Iterator[Text]:
    if "transfer" in body:
        way = body["transfer"]
        yield WENT.format(here=district_name(way["from"]), there=district_name(way["to"]))
    for each in body.get(REROUTED, ()):
        yield REROUTES[each["rule"]].format(
            item=thing.item(each["item_code"]).public_title,
            before=district_name(each["sent_for"] or each["decided_in"]),
            there=district_name(each["decided_in"]),
        )
    for package in body.get("rows", {}).get("packages", ()):
        if "to_district_code" in package:
            yield HASH_SENT.format(
                item=thing.item(package["item_code"]).public_title,
                place=district_name(package["to_district_code"]),
                hash=package["content_hash"][:12],
            )
        elif package.get("found_hash"):
            yield HASH_FOUND.format(
                sent=package["content_hash"][:12], found=package["found_hash"][:12]
            )


def _extended(thing: OneThing, item_code: str | None, amount: int) -> Text:
    limit = thing.item(item_code).promised_limit if item_code else thing.promised_limit
    unit = limit.unit if limit else Unit.WORKING_DAYS
    return EXTENDED.format(amount=words_of_limit(Limit(amount, unit)))


def _returned(body: Mapping[str, Any]) -> Iterator[Text]:
    if DUE_INPUT in body and "places" in body:
        yield ASKED.format(count=len(body["places"]), day=_day(body[DUE_INPUT]))
    if "asked_again" in body:
        yield ASKED_AGAIN.format(count=len(body["asked_again"]))
    if "typed" in body.get("commitments", {}) and "answers" not in body["commitments"]:
        yield SET_ASIDE


def _promises(thing: OneThing, body: Mapping[str, Any]) -> Iterator[Text]:
    if PROMISE in body and "papers" in body[PROMISE]:
        yield SIGNED.format(papers=_papers(thing, [row["code"] for row in body[PROMISE]["papers"]]))
    if AWAITED in body:
        papers = _papers(thing, body[AWAITED])
        yield PROMISED.format(papers=papers, day=_day(body.get(AWAITED_UNTIL)))
    for name, words in (("supplied", SUPPLIED), ("overdue", OVERDUE)):
        if body.get(name):
            yield words.format(papers=_papers(thing, body[name]))


def _counted_again(pairs: Mapping[str, Any]) -> Iterator[Text]:
    """Both dates of every limit that moved when a calendar was published."""
    moved = [
        DUE_MOVED.format(which=name, before=_civil(pair[0]), after=_civil(pair[1]))
        for code, name in COUNTED
        if (pair := pairs.get(code)) and all(pair) and pair[0] != pair[1]
    ]
    yield from moved or [DUE_STAYS]


def _civil(said: str) -> str:
    return datetime.fromisoformat(said).astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")


def _papers(thing: OneThing, codes: list[str]) -> Text:
    titles = [material.title for material in thing.materials if material.code in codes]
    return Text(
        zh="、".join(title.zh for title in titles), en=", ".join(title.en for title in titles)
    )


def _day(iso: object) -> Text:
    day = str(iso or "")
    if not day:
        return Text(zh="", en="")
    return Text(zh=day_in_words(day, CHINESE), en=day_in_words(day, ENGLISH))
