"""What the first sheet of a workbook says of its report, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.text import Text
from services import report_cells
from services.report_tables import Fact, ReportFile

SYNTHETIC = Text(
    zh="含合成的演示数据，不是任何地区的实际业绩",
    en="Holds synthetic demonstration data: not the record of any real place",
)
REAL = Text(zh="不含合成的演示数据", en="Holds no synthetic demonstration data")
AS_OF = Text(zh="截至", en="As of")
AS_OF_TEXT = Text(zh="{at}（北京时间）", en="{at} (Beijing time)")
ORIGIN = Text(zh="数据来源", en="Origin")
ASKED = Text(zh="筛选条件", en="Filters")
SCOPE = Text(zh="范围", en="Scope")
NOTHING_ASKED = Text(zh="没有筛选，为权限内的全部数据。", en="None: everything within reach.")
NOTES = Text(zh="口径与定义", en="Definitions")
PARAMETERS = Text(zh="参数", en="Parameters")
CHECKSUMS = Text(zh="校验和（SHA-256）", en="Checksums (SHA-256)")
CHECKSUM_TEXT = Text(zh="{sha256}（{n} 行）", en="{sha256} ({n} rows)")
TABLES = Text(zh="各工作表", en="Sheets")
NO_NOTE = Text(zh="", en="")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a label, what is said beside it, and how it is set."""

    style: str
    """``title``, ``heading``, ``warning`` or ``line``."""
    label: Text
    text: Text | None = None


def lines(report: ReportFile) -> Iterator[Line]:
    """Title, instant, warning, filters, definitions, parameters, checksums, tables."""
    yield Line("title", report.title)
    if report.holds_synthetic:
        yield Line("warning", ORIGIN, SYNTHETIC)
    else:
        yield Line("line", ORIGIN, REAL)
    at = report_cells.beijing(report.as_of).isoformat(sep=" ")
    yield Line("line", AS_OF, AS_OF_TEXT.format(at=at))
    yield from _part(ASKED, report.filters or (Fact("none", SCOPE, NOTHING_ASKED),))
    yield from _part(NOTES, report.notes)
    yield from _part(PARAMETERS, report.parameters)
    sums = [
        Fact(each.code, each.label, CHECKSUM_TEXT.format(sha256=each.sha256, n=f"{each.n:,}"))
        for each in report.checksums
    ]
    yield from _part(CHECKSUMS, sums)
    tables = [Fact(each.code, each.title, each.note or NO_NOTE) for each in report.tables]
    yield from _part(TABLES, tables)


def _part(title: Text, facts: Iterable[Fact]) -> Iterator[Line]:
    for number, fact in enumerate(facts):
        if not number:
            yield Line("heading", title, NO_NOTE)
        yield Line("line", fact.label, fact.text)
