"""Processes and promises that the law does not carry are refused when they are loaded, in words."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from catalog import checks, registry
from catalog.schema import OneThing, ProcessDefinition
from catalog.source import Source

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "exits_example"
THING = "things/exits_example.yaml"
CASE = "processes/case_licensing.yaml"
LICENCE = "processes/licence.yaml"
COMMITMENT = "processes/commitment.yaml"


def spoilt(folder: Path, file: str, old: str, new: str) -> list[str]:
    """What the loader says of a file in which a text was replaced, and of the example with it."""
    root = EXAMPLE if file == THING else registry.FOLDER
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    path = folder / Path(file).name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    data = Source(path).data
    if file == THING:
        return _of_thing(OneThing.model_validate(data), {})
    process = ProcessDefinition.model_validate(data)
    found = [sentence for _place, sentence in checks.process_mistakes(process)]
    assert all(sentence.en for sentence in found)
    whole = OneThing.model_validate(Source(EXAMPLE / THING).data)
    return [sentence.zh for sentence in found] + _of_thing(whole, {process.code: process})


def _of_thing(thing: OneThing, changed: Mapping[str, ProcessDefinition]) -> list[str]:
    catalogue = registry.catalogue()
    surroundings = checks.Surroundings(
        processes={**catalogue.processes, **changed},
        departments=frozenset(catalogue.departments),
    )
    found = [sentence for _place, sentence in checks.thing_mistakes(thing, surroundings)]
    assert all(sentence.en for sentence in found)
    return [sentence.zh for sentence in found]


def test_the_example_is_sound(tmp_path: Path) -> None:
    assert spoilt(tmp_path, THING, "version: 1", "version: 2") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (LICENCE, "    pause: hearing\n", "", "没有法定事由"),
        (
            LICENCE,
            "    sources: [cancelled]\n    destination: waiting\n",
            "    sources: [withdrawn]\n    destination: waiting\n",
            "却没有随办件恢复的一步",
        ),
        (THING, "decide_after: [visit]", "decide_after: [visits]", "没有事项“visits”"),
        (
            THING,
            "    process: joint_inspection\n",
            "    process: joint_inspection\n    after: [food]\n",
            "永远办不成",
        ),
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
        (LICENCE, "    consent: given\n", "", "没有答复“同意”（consent: given）的一步"),
        (
            LICENCE,
            "    permission: case:apply\n    follows: {triggers: [propose_extension]}\n",
            "    permission: case:apply\n    follows: {triggers: [tell_hearing_right]}\n",
            "答复（follows）征求同意的一步",
        ),
        (LICENCE, "    consent: given\n", "    consent: withheld\n", "在另一处表示不同意"),
        (LICENCE, "triggers: [tell_hearing_right]", "triggers: [tell_right]", "不能答复"),
        (COMMITMENT, "    effects: [lift_credit]\n", "", "要一并取消（lift_credit）"),
        (
            COMMITMENT,
            "    sources: [approved_on_commitment, to_rectify, verified]\n",
            "    sources: [approved_on_commitment, to_rectify, verified, approved]\n",
            "可是到达状态“approved”不必作出承诺",
        ),
        (LICENCE, "    halts: [prepare_decision,", "    halts: [prepare,", "不能让它等待"),
        (
            LICENCE,
            "    label: {zh: 要求听证, en: Ask for a hearing}\n"
            "    sources: [awaiting_corrections]\n",
            "    label: {zh: 要求听证, en: Ask for a hearing}\n    sources: [hearing_held]\n",
            "申请人在那里却不能“ask_for_hearing”：权利会被中断",
        ),
        (
            LICENCE,
            "    once: true\n    confirm:\n      zh: 期限只能延长一次",
            "    once: true\n    halts: [approve]\n    confirm:\n      zh: 期限只能延长一次",
            "没有答复它的动作",
        ),
        (
            LICENCE,
            "    document:\n      code: hearing_right_notice\n"
            "      title: {zh: 听证权利告知书, en: Notice of the right to a hearing}\n"
            "      legal_basis:\n        zh: 《行政许可法》第四十七条第一款\n"
            "        en: Administrative Licensing Law, article 47(1)\n",
            "",
            "它答复的“tell_hearing_right”却没有文书",
        ),
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
        (
            THING,
            "supplement_mode: pause_and_accept_later",
            "supplement_mode: return_and_resubmit",
            "登记类退回修改，不计时",
        ),
        (
            THING,
            "supplement_mode: pause_and_accept_later",
            "supplement_mode: return_and_resubmit",
            "登记类没有视为受理",
        ),
        (THING, "case_process: case_licensing", "case_process: case", "许可类要求补正时停止计时"),
        (THING, "case_process: case_licensing", "case_process: case", "许可类逾期不告知的视为受理"),
        (CASE, "effects: [ask_to_mend]", "effects: []", "没有一次告知缺什么的一步"),
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
    tmp_path: Path, file: str, old: str, new: str, words: str
) -> None:
    assert any(words in sentence for sentence in spoilt(tmp_path, file, old, new))


def test_a_state_in_which_a_promised_paper_has_no_end_is_shown_with_the_way_to_it(
    tmp_path: Path,
) -> None:
    sources = "in_special_procedure, hearing_ordered, hearing_held, prepared]\n    destination: "
    found = spoilt(
        tmp_path,
        LICENCE,
        f"{sources}withdrawn",
        f"{sources.replace(', hearing_held', '')}withdrawn",
    )
    [sentence] = found
    assert "状态“hearing_held”没有逾期未补交的一步（overdue），到不了不再办理的状态" in sentence
    assert (
        "waiting (release) → in_review (order_hearing) → hearing_ordered (hold_hearing) → "
        "hearing_held" in sentence
    )


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("    effects: [supply_tolerated]\n", "无法补交"),
        ("    effects: [lapse_promises]\n", "到期没有交来时没有后果"),
        ("    effects: [fan_out, tolerate]\n", "无法先受理后补交"),
    ],
)
def test_a_case_process_that_cannot_carry_a_promise_is_refused_for_a_thing_that_has_one(
    tmp_path: Path, effect: str, words: str
) -> None:
    assert any(words in sentence for sentence in spoilt(tmp_path, CASE, effect, ""))


@pytest.mark.parametrize(
    ("file", "document"),
    [
        (LICENCE, "special_procedure_notice"),
        (LICENCE, "hearing_summons"),
        (CASE, "correction_notice"),
        (CASE, "reopening_notice"),
    ],
)
def test_a_clock_that_stops_without_a_written_notice_is_refused(
    tmp_path: Path, file: str, document: str
) -> None:
    text = (registry.FOLDER / file).read_text(encoding="utf-8")
    start = text.index(f"    document:\n      code: {document}\n")
    end = text.index("    effects:", start)
    assert text[start:end].count("document:") == 1
    found = spoilt(tmp_path, file, text[start:end].split("    notice:")[0], "")
    assert any("停止计时，申请人要收到书面通知" in sentence for sentence in found)


def test_silence_that_grants_needs_its_law(tmp_path: Path) -> None:
    text = (registry.FOLDER / CASE).read_text(encoding="utf-8")
    start = text.index("    legal_basis:\n      zh: 《行政许可法》第三十二条第一款第（四）项：逾期")
    law = text[start : text.index("    notice:", start)]
    found = spoilt(tmp_path, CASE, law, "")
    assert any("让逾期产生法律后果" in sentence for sentence in found)
