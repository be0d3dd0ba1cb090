"""What one page of the queue shows, gathered once: for the page, its refreshes and its version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.text import Text
from forms import queue_filters
from services import case_files, hand_overs, presences, queue_lists
from services.hand_overs import Note
from services.presences import Watcher
from services.queue import QueueLine, TaskKey
from services.queue_filters import (
    DEEPEST_ROW,
    PAGE_SIZES,
    DueBand,
    Holder,
    Owner,
    QueueFilter,
    Sort,
    Work,
)
from services.queue_lists import Facets
from views.database import transaction
from views.localisation import wording
from workflows.clocks import Urgency, due_day_words, due_words
from workflows.colours import COLOUR_WORDS, Colour
from workflows.permissions import Actor, Role

MOST_ASSIGNED = 10
"""How many of the reader's own entries stand above the list; the others are one link away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry, with its due time in words."""

    line: QueueLine
    due: tuple[Text, Urgency] | None
    due_day: Text | None
    is_mine: bool
    is_own: bool
    """It is the reader's own work, taken up or not."""
    number: int
    """Its place in the whole list, from 1."""
    watchers: Sequence[Text] = ()
    """Who else has opened it lately, in words."""
    note: Note | None = None
    """What a colleague wrote who handed it over to the reader."""

    @property
    def key(self) -> str:
        """What tells it from every other row."""
        key = self.line.key
        return f"{key.district_code}/{key.case_id}/{self.line.item_code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Everything of one page that can change."""

    chosen: QueueFilter
    rows: Sequence[Row]
    handed_over: Sequence[Row]
    """What colleagues have handed over to the reader, wherever it stands in the list."""
    assigned: Sequence[Row]
    """What is the reader's own work and not taken up yet, wherever it stands in the list."""
    facets: Facets
    desks: Sequence[Text]
    is_maker: bool
    pages: int
    is_cut: bool
    """There are more entries than one can page through."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter, with how many entries it would leave."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A common choice as one link."""

    label: str
    count: int
    address: str
    is_current: bool
    urgency: Urgency


def read_page(actor: Actor, chosen: QueueFilter, at: datetime) -> QueuePage:
    """One page of the actor's queue; a page beyond the last is the last."""
    with transaction() as session:
        facets = queue_lists.facets(session, actor, chosen, at)
        pages = max(1, -(-min(facets.total, DEEPEST_ROW) // chosen.size))
        chosen = replace(chosen, page=min(chosen.page, pages))
        lines = queue_lists.lines(session, actor, chosen, at)
        mine = queue_lists.lines(session, actor, MINE, at) if facets.mine else []
        own = queue_lists.lines(session, actor, ASSIGNED, at)
        told = Told(
            actor=actor,
            at=at,
            watchers=presences.others(session, actor, {line.task for line in lines}, at),
            notes=hand_overs.notes_on(session, mine),
        )
        desks = case_files.desks(session, actor, at)
    first = (chosen.page - 1) * chosen.size + 1
    return QueuePage(
        chosen=chosen,
        rows=[_row(line, number, told) for number, line in enumerate(lines, first)],
        handed_over=[
            _row(line, number, told)
            for number, line in enumerate(mine, 1)
            if line.task in told.notes
        ],
        assigned=[_row(line, number, told) for number, line in enumerate(own, 1)],
        facets=facets,
        desks=desks,
        is_maker=actor.has_role(Role.SEAL_MAKER) and not actor.has_role(Role.CLERK),
        pages=pages,
        is_cut=facets.total > DEEPEST_ROW,
    )


MINE = QueueFilter(claimed=Holder.MINE)
ASSIGNED = QueueFilter(assigned=Owner.MINE, claimed=Holder.FREE, size=MOST_ASSIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of entries beside their own columns."""

    actor: Actor
    at: datetime
    watchers: Mapping[TaskKey, Sequence[Watcher]]
    notes: Mapping[TaskKey, Note]


def _row(line: QueueLine, number: int, told: Told) -> Row:
    return Row(
        line=line,
        due=due_words(line.due_at, told.at) if line.due_at else None,
        due_day=due_day_words(line.due_at, told.at) if line.due_at else None,
        is_mine=line.claimed_by == told.actor.id,
        is_own=line.assigned_to == told.actor.id,
        number=number,
        watchers=[watcher.words(told.at) for watcher in told.watchers.get(line.task, ())],
        note=told.notes.get(line.task),
    )


def queue_url(arguments: Mapping[str, str]) -> str:
    """The address of the queue with a filter."""
    values: dict[str, Any] = dict(arguments)
    return url_for("queue.index", **values)


def views(page: QueuePage) -> list[ViewLink]:
    """The common choices: everything, what is mine, each kind of work, what presses."""
    facets = page.facets
    common = [
        (_("全部"), None, QueueFilter(), Urgency.CALM),
        (
            _("我领取的"),
            facets.claimed[Holder.MINE],
            QueueFilter(claimed=Holder.MINE),
            Urgency.CALM,
        ),
        (
            _("分给我的"),
            facets.assigned[Owner.MINE],
            QueueFilter(assigned=Owner.MINE),
            Urgency.CALM,
        ),
        (_("待受理"), facets.work[Work.ACCEPT], QueueFilter(work=Work.ACCEPT), Urgency.CALM),
        (_("待办理"), facets.work[Work.HANDLE], QueueFilter(work=Work.HANDLE), Urgency.CALM),
        (_("可预审"), facets.work[Work.PREPARE], QueueFilter(work=Work.PREPARE), Urgency.CALM),
        (_("超期"), facets.due[DueBand.LATE], QueueFilter(due=DueBand.LATE), Urgency.LATE),
        (_("今天到期"), facets.due[DueBand.TODAY], QueueFilter(due=DueBand.TODAY), Urgency.SOON),
        (
            _("黄色预警"),
            facets.colour[Colour.YELLOW],
            QueueFilter(colour=Colour.YELLOW),
            Urgency.SOON,
        ),
    ]
    return [
        ViewLink(
            label=label,
            count=facets.everything if count is None else count,
            address=queue_url(queue_filters.written(chosen)),
            is_current=_same_choice(page.chosen, chosen),
            urgency=urgency,
        )
        for label, count, chosen, urgency in common
    ]


def _same_choice(left: QueueFilter, right: QueueFilter) -> bool:
    order = {"sort": Sort.DUE, "descending": False, "size": right.size, "page": 1}
    return replace(left, **order) == replace(right, **order)  # type: ignore[arg-type]


def choices(page: QueuePage) -> Mapping[str, list[Choice]]:
    """The options of every filter, in the order of the page."""
    facets = page.facets
    return {
        "work": [
            Choice(Work.ACCEPT, _("待受理"), facets.work[Work.ACCEPT]),
            Choice(Work.HANDLE, _("待办理"), facets.work[Work.HANDLE]),
            Choice(Work.PREPARE, _("可预审"), facets.work[Work.PREPARE]),
        ],
        "due": [
            Choice(DueBand.LATE, _("超期"), facets.due[DueBand.LATE]),
            Choice(DueBand.TODAY, _("今天到期"), facets.due[DueBand.TODAY]),
            Choice(DueBand.LATER, _("以后到期"), facets.due[DueBand.LATER]),
            Choice(DueBand.NONE, _("尚未起算"), facets.due[DueBand.NONE]),
        ],
        "colour": [
            Choice(colour, wording(COLOUR_WORDS[colour]), facets.colour[colour])
            for colour in reversed(Colour)
        ],
        "claimed": [
            Choice(Holder.FREE, _("无人领取"), facets.claimed[Holder.FREE]),
            Choice(Holder.MINE, _("我领取的"), facets.claimed[Holder.MINE]),
            Choice(Holder.OTHERS, _("别人领取的"), facets.claimed[Holder.OTHERS]),
        ],
        "assigned": [
            Choice(Owner.MINE, _("分给我的"), facets.assigned[Owner.MINE]),
            Choice(Owner.NOBODY, _("没有分派的"), facets.assigned[Owner.NOBODY]),
            Choice(Owner.OTHERS, _("分给别人的"), facets.assigned[Owner.OTHERS]),
        ],
        "item": [
            Choice(option.value, wording(option.label), option.count) for option in facets.items
        ],
        "district": [
            Choice(option.value, wording(option.label), option.count) for option in facets.districts
        ],
        **_orders(),
    }


def _orders() -> dict[str, list[Choice]]:
    """What a list may be ordered by, which way, and how long a page is."""
    return {
        "sort": [
            Choice(Sort.DUE, _("时限")),
            Choice(Sort.WAITING, _("到件时间")),
            Choice(Sort.NUMBER, _("办件编号")),
            Choice(Sort.TITLE, _("名称")),
        ],
        "order": [
            Choice("ascending", _("正序")),
            Choice("descending", _("倒序")),
        ],
        "size": [Choice(str(size), _("每页 %(count)s 件", count=size)) for size in PAGE_SIZES],
    }
