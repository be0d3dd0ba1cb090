"""What the times report's figures mean, in words: definitions, outcomes, reasons for no time."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from core.text import Text
from services.case_measures import DRAFT_REST, Missing, Outcome
from services.definitions import Definition
from services.timeline import T_APPLICANT, core_definition

HOUR, DAY = 3600, 86400
"""In seconds."""

OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.COMPLETED: Text(zh="全部办结", en="Completed"),
    Outcome.PARTLY_COMPLETED: Text(zh="部分办结", en="Partly completed"),
    Outcome.REFUSED: Text(zh="未予办理", en="Refused"),
    Outcome.NOT_ACCEPTED: Text(zh="不予受理", en="Not accepted"),
    Outcome.WITHDRAWN: Text(zh="申请人撤回", en="Withdrawn by the applicant"),
    Outcome.LAPSED: Text(zh="已失效", en="Lapsed"),
    Outcome.CANCELLED: Text(zh="平台终止", en="Ended by the service"),
    Outcome.IN_PROGRESS: Text(zh="正在办理", en="In progress"),
    Outcome.SUBMITTED: Text(zh="等待受理", en="Waiting for acceptance"),
    Outcome.RETURNED: Text(zh="退回修改，还在期限内", en="Returned, still within its days"),
    Outcome.RETURNED_LATE: Text(
        zh="退回修改，过期没有再提交", en="Returned, not sent again by its last day"
    ),
    Outcome.DRAFT: Text(zh="草稿，正在填写", en="Draft, being filled in"),
    Outcome.DRAFT_GIVEN_UP: Text(
        zh=f"草稿，{DRAFT_REST.days} 天没有动过", en=f"Draft, untouched for {DRAFT_REST.days} days"
    ),
}
REASONS: Mapping[Missing, Text] = {
    Missing.WITHDRAWN: Text(zh="申请人撤回", en="withdrawn by the applicant"),
    Missing.CANCELLED: Text(zh="平台终止", en="ended by the service"),
    Missing.NOT_ACCEPTED: Text(zh="不予受理", en="not accepted"),
    Missing.NOT_GRANTED: Text(zh="有事项没有办成", en="something was not granted"),
    Missing.NOT_FINISHED: Text(zh="还没有办完", en="not finished yet"),
}

CORE_LABEL = Text(zh="核心用时 T_core", en="Core time T_core")
APPLICANT_LABEL = Text(zh="申请人用时 T_applicant", en="Applicant's time T_applicant")
ACCEPTANCE_LABEL = Text(zh="等待受理", en="Waiting for acceptance")
TO_END_LABEL = Text(zh="到结束的时间", en="Time to the end")
PROMISE_LABEL = Text(zh="在承诺时限内", en="Within the promise")
ITEM_PROMISE_LABEL = Text(zh="事项在承诺时限内", en="An item within its promise")
ITEM_LABEL = Text(zh="事项用时", en="An item's own time")
STATUTORY_LABEL = Text(zh="在法定时限内", en="Within the statutory limit")
PERCENTILE_LABEL = Text(zh="P50、P90", en="p50, p90")
WITHIN_LABEL = Text(zh="25 分钟以内", en="Within 25 minutes")
COUNTED_LABEL = Text(zh="哪些办件计算在内", en="Which cases count")

ACCEPTANCE = Text(
    zh="受理时刻 − 最近一次提交的时刻。它不在核心用时里，所以单独列出，免得靠晚受理显得快。",
    en="Acceptance − the last submission. It is no part of T_core and therefore stands apart, so "
    "that late acceptance cannot look like speed.",
)
TO_END = Text(
    zh="办件结束的时刻 − 申请人首次打开办事指南的时刻，不论结果如何；还没有结束的，算到现在。",
    en="The end of the case, whatever it was − the first page of the guide opened; for a case "
    "that has not ended, until now.",
)
PROMISE = Text(
    zh="每一个开始计时的事项都没有超过承诺的到期时间，才算守诺。分母是已作出决定的办件，"
    "加上还没办完、但已经有事项超期的办件。受理之前的等待没有到期时间，不在其中。",
    en="A case keeps the promise only if no item of it ran past its stored due time. The whole are "
    "the cases decided, and those not finished in which an item is late already. The wait before "
    "acceptance has no due time and is not in it.",
)
ITEM_PROMISE = Text(
    zh="按时作出决定（或者按时办到时限所承诺的那一步）的 ÷（已作出决定的 + 已超期还没办完的 + "
    "超期以后取消的），只算开始计时的。依法停止计时期间不算超期。",
    en="Decided in time, or brought in time to the step that is promised, / (decided + not "
    "finished and late already + cancelled after it was late), of those that started a clock. "
    "While a clock lawfully stands still nothing is late.",
)
STATUTORY = Text(
    zh="与承诺时限同样计算，同一个计时，按法定时限推算到期时间，依法暂停的时间和延长的期限都算在内。"
    "法律没有规定时限的，不计算。",
    en="Counted like the promise, by the same clock with its lawful pauses and extensions; the due "
    "time follows from the statutory limit. Where the law sets no limit there is none.",
)
ITEM = Text(
    zh="事项开始计时的时刻到作出决定的时刻（包括不予办理）。时限到某一步为止的，算到那一步。"
    "随上游结果自动办结、没有开始计时的（即办），只计件数，不计用时。取消的和没有办完的另列。",
    en="From the start of the item's clock to its decision, a refusal included, or to the step "
    "that is promised, if that comes before it. Items that were done with the result before them "
    "and never started a clock (at once) are counted without a time. Cancelled and unfinished ones "
    "are listed apart.",
)
PERCENTILE = Text(
    zh="P50 是一半办件不超过的用时，P90 是九成办件不超过的用时。取实际出现过的值"
    "（percentile_disc），不作插值。",
    en="Half of the cases take no longer than p50, nine in ten no longer than p90. Both are times "
    "that occurred (percentile_disc), never interpolated.",
)
WITHIN = Text(
    zh="用时不超过 25 分 0 秒。给出三个占比：占量得到用时的、占已结束的、占全部已提交的。"
    "没有用时的办件（没有办成、撤回、还没办完）在后两个占比里都算“没有在 25 分钟以内”。",
    en="No longer than 25 min 0 s. Three shares: of the cases that have such a time, of those that "
    "have ended, and of all that were sent. Cases without a time (not granted, withdrawn, not "
    "finished) count as not within 25 minutes in the last two.",
)
COUNTED = Text(
    zh="已提交过的全部办件，包括退回、不予受理、未予办理、撤回和没有办完的。草稿另计件数；"
    "申请人自己删除的草稿没有留下记录，无法计入。",
    en="Every case that was ever sent, returned, declined, refused, withdrawn and unfinished ones "
    "included. Drafts are counted apart; a draft that its applicant deleted leaves no trace and "
    "cannot be counted.",
)

DEFINITIONS: Mapping[str, tuple[Text, Text]] = {
    "applicant": (APPLICANT_LABEL, T_APPLICANT),
    "acceptance": (ACCEPTANCE_LABEL, ACCEPTANCE),
    "to_end": (TO_END_LABEL, TO_END),
    "within": (WITHIN_LABEL, WITHIN),
    "promise": (PROMISE_LABEL, PROMISE),
    "item": (ITEM_LABEL, ITEM),
    "item_promise": (ITEM_PROMISE_LABEL, ITEM_PROMISE),
    "statutory": (STATUTORY_LABEL, STATUTORY),
    "percentile": (PERCENTILE_LABEL, PERCENTILE),
    "counted": (COUNTED_LABEL, COUNTED),
}
"""Label and definition of every figure but T_core: that one names its items (`core_words`)."""


def core_words(found: Iterable[Definition]) -> tuple[tuple[Text, Text], ...]:
    """One-thing and T_core with its core items; once more where a version counted others."""
    words: dict[tuple[str, tuple[str, ...]], tuple[Text, Text]] = {}
    for definition in found:
        core = [item for item in definition.thing.items if item.counts_for_core]
        key = (definition.thing.code, tuple(item.code for item in core))
        words.setdefault(key, (definition.thing.title, core_definition(core)))
    return tuple(words.values())


def short_words(length: timedelta) -> Text:
    """A length in its two largest units, rounded to the smaller: 25 分 3 秒; 2 小时 5 分."""
    seconds = round(length.total_seconds())
    if seconds < HOUR:
        large, small, units = *divmod(seconds, 60), (("分", "min"), ("秒", "s"))
    elif seconds < DAY:
        large, small = divmod(round(seconds / 60), 60)
        units = (("小时", "h"), ("分", "min"))
    else:
        large, small = divmod(round(seconds / HOUR), 24)
        units = (("天", "d"), ("小时", "h"))
    pairs = [
        pair for pair in zip((large, small), units, strict=True) if pair[0] or pair[1] is units[1]
    ]
    return Text(
        zh=" ".join(f"{amount} {zh}" for amount, (zh, _) in pairs),
        en=" ".join(f"{amount} {en}" for amount, (_, en) in pairs),
    )
