"""Processes and promises that the law does not carry are refused when they are loaded, in words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import registry
from catalog.source import CatalogueError, Mistake

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "exits_example"
THING = "things/exits_example.yaml"
CASE = "processes/case_licensing.yaml"
LICENCE = "processes/licence.yaml"
COMMITMENT = "processes/commitment.yaml"
VISIT = "processes/joint_inspection.yaml"

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The definitions with the example of every way out, to be spoilt."""
    copy = tmp_path / "catalog"
    left_out = shutil.ignore_patterns("*.py", "__pycache__", "things", "data", "json_schema")
    shutil.copytree(registry.FOLDER, copy, ignore=left_out)
    shutil.copytree(EXAMPLE, copy, dirs_exist_ok=True)
    return copy


def mistakes(folder: Path) -> list[Mistake]:
    with pytest.raises(CatalogueError) as caught:
        registry.load(folder)
    return list(caught.value.mistakes)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (LICENCE, "    pause: hearing\n", "", "没有法定事由"),
        (LICENCE, "{value: tender, label", "{value: holiday, label", "没有法定事由"),
        (LICENCE, "    - code: expected_days\n", "    - code: days\n", "没有法定事由"),
        (
            LICENCE,
            "    legal_basis:\n      zh: 《行政许可法》第四十五条\n"
            "      en: Administrative Licensing Law, article 45\n",
            "",
            "请写明依据哪一条法律",
        ),
        (LICENCE, "    clock: runs\n", "    clock: runs\n    pause: testing\n", "没有停止计时"),
        (CASE, "    limit: {input: resubmission_due_on}\n", "", "没有期限（limit）"),
        (
            LICENCE,
            "trigger: supply_corrections\n    label: {zh: 提交补正, en: Send the corrections}\n"
            "    sources: [awaiting_corrections]\n    destination: in_review\n"
            "    permission: case:apply",
            "trigger: supply_corrections\n"
            "    label: {zh: 提交补正, en: Send the corrections}\n"
            "    sources: [awaiting_corrections]\n    destination: in_review\n"
            "    permission: task:correct",
            "没有申请人提交的一步",
        ),
        (
            LICENCE,
            "    permission: task:revoke\n    reason_required: true\n    leaves_end: true",
            "    permission: task:revoke\n    reason_required: true",
            "办结状态",
        ),
        (
            LICENCE,
            "    items_required: true\n",
            "    items_required: true\n    leaves_end: true\n",
            "没有离开任何办结状态",
        ),
        (
            LICENCE,
            "    destination: refused\n    permission: task:decide\n    reason_required: true",
            "    destination: refused\n    permission: task:decide",
            "必须要求写明理由",
        ),
        (LICENCE, "    remedy:\n", "    on_withdrawal:\n", "也要写明（remedy）"),
        (LICENCE, "triggers: [tell_hearing_right]", "triggers: [tell_right]", "不能答复"),
        (
            LICENCE,
            "    permission: task:extend\n    reason_required: true\n    once: true",
            "    permission: task:extend\n    reason_required: true",
            "延期须由负责人批准",
        ),
        (
            COMMITMENT,
            "    - code: rectify_by\n      kind: date\n",
            "    - code: rectify_by\n      kind: text\n",
            "日期，必填",
        ),
        (
            COMMITMENT,
            "    automatic: true\n    by_commitment: true",
            "    automatic: true",
            "没有按承诺启动的一步",
        ),
        (
            THING,
            "    state_limits:\n      approved_on_commitment: {amount: 20, unit: working_days}\n",
            "",
            "凭承诺准予以后要核查",
        ),
        (THING, "chosen_by: choices.by_commitment", "chosen_by: premises.name", "yes_no"),
        (
            THING,
            "    process: commitment\n",
            "    process: commitment\n    is_safety_class: true\n",
            "关系国家安全",
        ),
        (
            THING,
            "within: {amount: 5, unit: working_days}",
            "within: {amount: 11, unit: working_days}",
            "补交期限不能超过",
        ),
        (
            THING,
            "within: {amount: 5, unit: working_days}",
            "within: {amount: 5, unit: wall_minutes}",
            "补交期限不能超过",
        ),
        (THING, "promised_by: choices.later", "promised_by: choices.never", "yes_no"),
        (
            THING,
            "    process: licence\n    decide_after",
            "    process: joint_inspection\n    decide_after",
            "没有逾期未补交的一步",
        ),
    ],
)
def test_what_the_law_does_not_carry_is_refused_in_words(
    folder: Path, file: str, old: str, new: str, words: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [mistake for mistake in mistakes(folder) if words in mistake.sentence.zh]
    assert found
    assert found[0].file in {file, THING}  # a process may be sound, and not do for its item
    assert found[0].sentence.en


def test_silence_that_grants_needs_its_law(folder: Path) -> None:
    path = folder / CASE
    text = path.read_text(encoding="utf-8")
    start = text.index("    legal_basis:\n      zh: 《行政许可法》第三十二条第一款第（四）项：逾期")
    end = text.index("    notice:", start)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert any("让逾期产生法律后果" in each.sentence.zh for each in mistakes(folder))
