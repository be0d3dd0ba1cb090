"""Before and after a return, in the reader's words, for the page of a task."""

from dataclasses import dataclass

from flask_babel import gettext as _

from catalog.summaries import displayed
from services.case_files import CaseFile
from services.changes import ChangedPaper, ChangedPlace, Changes
from services.returned import Mend
from views.localisation import locale, wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One line of the table: the place, both values, and why it was changed."""

    path: str
    where: str
    before: str
    after: str
    is_hidden: bool
    """Both are masked and look alike, though they differ."""
    is_paper: bool
    """The files changed, even if they are called alike."""
    mend: Mend | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTable:
    """What one list brought, with its lines in words."""

    changes: Changes
    rows: list[ChangeRow]


def change_tables(file: CaseFile) -> list[ChangeTable]:
    """Every list that was answered, with the changed answers; empty if there is none."""
    return [
        ChangeTable(
            changes=changes,
            rows=[_row(file, change) for change in changes.changed]
            + [_paper(paper) for paper in changes.papers],
        )
        for changes in file.changes
    ]


def _paper(paper: ChangedPaper) -> ChangeRow:
    nothing = str(_("没有文件"))
    return ChangeRow(
        path=paper.path,
        where=wording(paper.where),
        before="\n".join(paper.before) or nothing,
        after="\n".join(paper.after) or nothing,
        is_hidden=False,
        is_paper=True,
        mend=paper.mend,
    )


def _row(file: CaseFile, change: ChangedPlace) -> ChangeRow:
    before = _shown(file, change, change.before, was_there=change.was_asked)
    after = _shown(file, change, change.after, was_there=change.is_asked)
    return ChangeRow(
        path=change.path,
        where=wording(change.where),
        before=before,
        after=after,
        is_hidden=before == after,
        is_paper=False,
        mend=change.mend,
    )


def _shown(file: CaseFile, change: ChangedPlace, value: object, *, was_there: bool) -> str:
    if not was_there:
        return str(_("没有这一项"))
    return displayed(change.field, value, locale(), file.names)
