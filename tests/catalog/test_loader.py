"""Catalogue files: what is wrong is told with file, line and sentence, all of it at once."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import editor_schema, registry
from catalog.schema import OneThing
from catalog.source import CatalogueError, Mistake
from core.errors import DefinitionError, NotFoundError

THING = "things/business_start_up.yaml"
FILING = "processes/filing.yaml"
SEALS = "processes/seal_making.yaml"

Edit = Callable[[str, str, str], int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the definitions of one one-thing, quickly read, that may be spoilt."""
    copy = tmp_path / "catalog"
    left_out = shutil.ignore_patterns("*.py", "__pycache__", "open_restaurant.yaml")
    shutil.copytree(registry.FOLDER, copy, ignore=left_out)
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace the first occurrence of a text in a file; gives the line where it stood."""

    def replace(file: str, old: str, new: str) -> int:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


def mistakes(folder: Path) -> list[Mistake]:
    with pytest.raises(CatalogueError) as caught:
        registry.load(folder)
    return list(caught.value.mistakes)


def test_the_definitions_that_came_with_the_program_are_sound() -> None:
    catalogue = registry.catalogue()
    assert set(catalogue.things) == {"business_start_up", "open_restaurant"}
    assert registry.catalogue() is catalogue


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((THING, "    department: tax", "    departement: tax"), "“departement”"),
        ((THING, "    online: true\n", ""), "能不能在网上申请"),
        ((THING, "    online: true", "    online: false"), "至少要跑一次"),
        ((THING, "visits:\n  count: 1", "visits:\n  count: 2"), "请核对"),
        ((THING, "\n      source:\n", "\n      # source:\n"), "“zh”"),
        ((THING, "    department: tax", "    department: taxes"), "没有部门“taxes”"),
        ((THING, "    process: appointment", "    process: meeting"), "没有流程“meeting”"),
        ((THING, "    process: appointment", "    process: 12"), "“process”应是文字"),
        ((THING, "    after: [registration]", "    after: [licence]"), "没有代码“licence”"),
        ((THING, "accepted_by: registration", "accepted_by: nobody"), "没有代码“nobody”"),
        ((THING, "case_process: case", "case_process: filing"), "办件流程缺少状态"),
        ((THING, "case_process: case", "case_process: cases"), "没有流程“cases”"),
        ((THING, "core_ends_on: deliver", "core_ends_on: delivered"), "没有代码“delivered”"),
        ((THING, "limits_end_on: deliver", "limits_end_on: handed"), "没有代码“handed”"),
        ((THING, "limits_end_on: deliver", "limits_end_on: file"), "办结以前的一步"),
        ((THING, "fee: {zh: 预约不收费", "fee: {zh: 预约十元"), "没有法律、行政法规的规定不得收费"),
        ((THING, "      bounced: {", "      bouncing: {"), "没有代码“bouncing”"),
        ((THING, "limits_end_on: deliver", "limits_end_on: engrave"), "状态“engraved”没有自己的"),
        (
            (THING, "amount: 3\n      unit: working_days", "amount: 3\n      unit: office_minutes"),
            "不用办公分钟",
        ),
        ((THING, "kind: name_prefix", "kind: prefix"), "“kind”只能是"),
        ((THING, "unit: working_days", "unit: weeks"), "“unit”只能是"),
        ((THING, "{amount: 60, unit", "{amount: 0, unit"), "“amount”不对"),
        ((THING, "when: row.has_agent,", "when: row.agent,"), "没有名为"),
        ((THING, "paths: [capital.registered]", "paths: [capital.sum]"), "没有问题“capital.sum”"),
        ((THING, "    each: staff", "    each: tax"), "没有可重复的部分“tax”"),
        ((THING, "expression: capital.registered > 0", "expression: capital.sum > 0"), "“sum”"),
        ((THING, "when: employment.enrols_staff", "when: housing_fund.headcount > 0"), "没有名为"),
        ((THING, "number_from: credit_code", "number_from: input"), "没有名为“None”的填写项"),
        ((THING, "kinds: seals.kinds", "kinds: seals.maker"), "choices 类型"),
        ((THING, "default: official finance", "default: big finance"), "默认值"),
        ((THING, "value: limited_company", "value: joint_stock_company"), "写了两次"),
        ((THING, "- code: staff_within_headcount", "- code: staff_stand_once"), "用了两次"),
        ((THING, "  - code: address\n", "  - code: place\n"), "留作他用"),
        ((THING, "title: {zh: 企业开办一件事, en", "title: {zh: 企业开办一件事, de"), "“de”"),
        ((THING, "title: {zh: 企业开办一件事, en", 'title: {zh: "", en'), "中文和英文都要写"),
        ((THING, "en: Start a business}", "en: Start, a business}"), "文字只有 zh 和 en"),
        ((THING, "version: 3", "version: one"), "“version”应是整数"),
        ((THING, "version: 3", "version: 3\nversion: 3"), "“version”写了两次"),
        ((THING, "version: 3", "version: [1"), "YAML 写法有误"),
        ((THING, "version: 3", "version: *anchor"), "*"),
        ((FILING, "destination: pre_reviewed", "destination: reviewed"), "没有状态“reviewed”"),
        ((FILING, "initial: waiting", "initial: start"), "没有状态“start”"),
        ((FILING, "sources: [pre_reviewed]", "sources: [waiting]"), "写了两次"),
        ((FILING, "    permission: task:decide", "    permission: task:eat"), "“permission”只能是"),
        ((FILING, "    permission: task:decide", "    permission: engine:advance"), "自动动作"),
        ((FILING, "effects: [issue_outputs]", "effects: [issue_money]"), "“effects”只能是"),
        ((SEALS, "clock: runs", "clock: stopped"), "没有计时"),
        ((SEALS, "inputs:\n  deliver:", "inputs:\n  hand_over:"), "没有动作“hand_over”"),
        ((FILING, "reasons:\n  refuse:", "reasons:\n  approve:"), "没有需要写理由的动作“approve”"),
        ((FILING, "- code: already_done", "- code: facts_differ"), "理由“facts_differ”写了两次"),
        ((SEALS, "- trigger: deliver", "- trigger: hand_over"), "系统自己的动作"),
        ((FILING, "- trigger: approve", "- trigger: claim"), "系统自己的动作"),
        (("processes/case.yaml", "- trigger: decline", "- trigger: hand_back"), "系统自己的动作"),
        (("processes/case.yaml", "{count} 处", "{number} 处"), "通知里只能用"),
        ((THING, "at_most_days: 90", "at_most_days: 29"), "最长天数不能少于 30 天"),
        ((THING, "15, unit: working_days", "15, unit: wall_minutes"), "期限按天计算"),
        ((SEALS, "minimum: 6", "minimum: 7"), "下限大于上限"),
        (("departments.yaml", "code: tax", "code: Tax"), "“code”的写法不对"),
        (("districts.yaml", 'region_code: "620102"', "region_code: 620102"), "数字请加引号"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_line_and_sentence(
    folder: Path, edit: Edit, change: tuple[str, str, str], words: str
) -> None:
    file, old, new = change
    line = edit(file, old, new)
    found = [mistake for mistake in mistakes(folder) if words in mistake.sentence.zh]
    assert found
    assert found[0].file == file
    assert abs(found[0].line - line) <= 2
    assert found[0].sentence.en


def test_the_shape_of_savings_lines_is_checked(folder: Path, edit: Edit) -> None:
    nameless = edit(THING, "        commodity: CNY\n", "")
    edit(THING, "commodity: PAGE", "commodity: HOUR")
    priceless = edit(THING, "commodity: TRIP", "commodity: CNY")
    undated = edit("burden_prices.yaml", "as_of: 2026-11-22", "as_of: autumn")
    negative = edit(THING, "          amount: 40", "          amount: -1")

    found = {(each.line, each.sentence.en) for each in mistakes(folder)}

    assert (nameless - 2, 'Each entry of "savings" must name its commodity.') in found
    assert (priceless - 2, '"tariff" is missing.') in found
    assert (undated, '"as_of" should be a day such as 2026-11-22.') in found
    assert any(line == negative and sentence.startswith('"amount" is') for line, sentence in found)
    assert any("can only be 'CNY', 'MINUTE', 'TRIP', 'PAGE'" in sentence for _, sentence in found)


YUZHONG = '["620123"]\n    savings: [business_start_up.seals.'
SPOILT_SAVINGS = [
    (THING, "          amount: 40", "          amount: 60", '"form_minutes" saves nothing'),
    (THING, "      - code: copies", "      - code: trips", "is used twice"),
    (THING, "      count: 0\n", "      count: 1\n", "fewer than the 1 that the item names"),
    (THING, "process: seal_making", "process: filing", "no step that delivers seals"),
    ("funds.yaml", "districts: [620102-gx]", 'districts: ["620105"]', 'no district "620105"'),
    ("funds.yaml", '["620102"]', '["620102", "620105"]', "fund first_seals_gaoxin already"),
    ("funds.yaml", "payer: public_budget", "payer: makers", "the fund is of makers"),
    ("funds.yaml", f"{YUZHONG}seal_set", f"{YUZHONG}trips", 'in money "business_start_up'),
    ("funds.yaml", "- code: first_seals_yuzhong", "- code: first_seals_gaoxin", "is used twice"),
    ("burden_prices.yaml", "commodity: PAGE", "commodity: TRIP", "PAGE should stand here exactly"),
    ("burden_prices.yaml", "low_fen: 40", "low_fen: 70", "of MINUTE should rise"),
]  # fmt: skip


def test_savings_funds_and_prices_are_checked_against_each_other(folder: Path, edit: Edit) -> None:
    for file, old, new, _ in SPOILT_SAVINGS:
        edit(file, old, new)

    found = mistakes(folder)

    for file, _, _, words in SPOILT_SAVINGS:
        assert any(each.file == file and words in each.sentence.en for each in found), words


def test_a_line_in_money_needs_a_fund_in_every_district(folder: Path, edit: Edit) -> None:
    edit("funds.yaml", '"620123"', "620102-gx")

    found = [each for each in mistakes(folder) if each.file == THING]

    assert [each.sentence.en for each in found] == [
        'In the district "620123" no fund pays for "business_start_up.seals.seal_set"; '
        "name one in funds.yaml."
    ]


def test_a_version_stored_before_burden_was_known_is_still_read() -> None:
    stored = registry.catalogue().thing("business_start_up").model_dump(mode="json")
    for item in stored["items"]:
        item["savings"] = [line for line in item["savings"] if line["commodity"] == "CNY"]

    thing = OneThing.model_validate(stored)

    assert [line.code for line in thing.item("seals").savings] == ["seal_set"]


def test_items_that_wait_for_each_other_are_refused(folder: Path, edit: Edit) -> None:
    edit(THING, "    process: registration\n", "    process: registration\n    after: [tax]\n")
    assert any("互相等待" in mistake.sentence.zh for mistake in mistakes(folder))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sources: [in_review]\n    destination: refused", "sources: [in_review]\n"
         "    destination: approved", "没有动作能到达状态“refused”"),
        ("sources: [waiting]\n    destination: pre_reviewed", "sources: [approved]\n"
         "    destination: pre_reviewed", "不能再有动作"),
    ],
)  # fmt: skip
def test_a_flow_that_cannot_be_walked_is_refused(
    folder: Path, edit: Edit, old: str, new: str, words: str
) -> None:
    edit(FILING, old, new)
    assert any(words in mistake.sentence.zh for mistake in mistakes(folder))


@pytest.mark.parametrize(
    ("trigger", "file"),
    [("release", "registration"), ("cancel", "enrolment"), ("skip", "filing")],
)
def test_a_process_without_a_row_that_the_engine_fires_is_refused(
    folder: Path, trigger: str, file: str
) -> None:
    at = f"processes/{file}.yaml"
    path = folder / at
    head, _, tail = path.read_text(encoding="utf-8").partition(f"  - trigger: {trigger}\n")
    tail = tail.replace("engine:advance", "task:decide", 1).replace("automatic: true", "", 1)
    path.write_text(f"{head}  - trigger: {trigger}\n{tail}", encoding="utf-8")
    assert any(f"自动动作，例如 {trigger}" in found.sentence.zh for found in mistakes(folder))


def test_a_state_without_an_end_in_sight_is_refused(folder: Path, edit: Edit) -> None:
    edit("processes/enrolment.yaml", "    kind: positive", "    kind: open\n    clock: runs")
    found = mistakes(folder)
    assert any("走不到任何终点" in mistake.sentence.zh for mistake in found)


def test_all_mistakes_are_told_at_once_and_in_order(folder: Path, edit: Edit) -> None:
    first = edit(THING, "kind: name_prefix", "kind: prefix")
    second = edit(THING, "unit: wall_minutes", "unit: weeks")
    third = edit(FILING, "permission: task:decide", "permission: task:eat")
    found = mistakes(folder)
    assert [(mistake.file, mistake.line) for mistake in found] == [
        (FILING, third),
        (THING, first),
        (THING, second),
    ]


def test_the_refusal_is_a_definition_error_that_names_places_in_both_languages(
    folder: Path, edit: Edit
) -> None:
    line = edit(THING, "kind: name_prefix", "kind: prefix")
    with pytest.raises(DefinitionError) as caught:
        registry.load(folder)
    assert f"{THING}:{line}: “kind”只能是" in caught.value.sentence.zh
    assert f'{THING}:{line}: "kind" can only be' in caught.value.sentence.en


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- 1\n", b"just text\n", b"&a [*a]\n", b"[" * 100_000]
)
def test_a_file_that_is_no_definition_is_refused(folder: Path, content: bytes) -> None:
    (folder / THING).write_bytes(content)
    assert {mistake.file for mistake in mistakes(folder)} == {THING}


def test_a_file_larger_than_a_definition_can_be_is_refused(folder: Path) -> None:
    (folder / THING).write_bytes(b"# " + b"x" * 1_000_001)
    (mistake,) = mistakes(folder)
    assert "1 MB" in mistake.sentence.zh


def test_a_file_that_is_missing_is_told(folder: Path) -> None:
    (folder / "departments.yaml").unlink()
    assert any(mistake.file == "departments.yaml" for mistake in mistakes(folder))


def test_two_files_with_one_code_are_told(folder: Path) -> None:
    shutil.copy(folder / FILING, folder / "processes" / "filing_again.yaml")
    (mistake,) = mistakes(folder)
    assert mistake.file == "processes/filing_again.yaml"
    assert "filing.yaml" in mistake.sentence.zh


def test_words_like_no_and_times_stay_texts(folder: Path, edit: Edit) -> None:
    edit("departments.yaml", "zh: 税务,", "zh: no,")
    edit("departments.yaml", "en: Tax}", "en: 10:30}")
    tax = registry.load(folder).departments["tax"]
    assert (tax.short_name.zh, tax.short_name.en) == ("no", "10:30")


def test_the_hash_of_a_thing_covers_the_processes_it_uses(folder: Path, edit: Edit) -> None:
    before = registry.load(folder)
    assert before.thing_hashes.items() <= registry.catalogue().thing_hashes.items()
    edit(FILING, "zh: 审核中", "zh: 审查中")
    after = registry.load(folder)
    assert after.process_hashes["filing"] != before.process_hashes["filing"]
    assert after.process_hashes["registration"] == before.process_hashes["registration"]
    assert after.thing_hashes != before.thing_hashes


def test_comments_and_layout_do_not_change_a_hash(folder: Path, edit: Edit) -> None:
    edit(FILING, "code: filing", "# a remark\n\ncode:   filing")
    hashes = registry.load(folder).thing_hashes
    assert hashes
    assert hashes.items() <= registry.catalogue().thing_hashes.items()


def test_what_is_not_there_is_not_found() -> None:
    catalogue = registry.catalogue()
    with pytest.raises(NotFoundError):
        catalogue.thing("marriage")
    with pytest.raises(NotFoundError):
        catalogue.district("110101")
    assert catalogue.process_of(catalogue.thing("business_start_up"), None).code == "case"


def test_the_schemas_for_editors_are_those_of_the_code() -> None:
    for name, content in editor_schema.schemas().items():
        assert (editor_schema.FOLDER / name).read_text(encoding="utf-8") == content
        assert json.loads(content)["additionalProperties"] is False
