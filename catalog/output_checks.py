"""What the definition of a result must hold beyond its shape."""

from collections.abc import Iterator

from catalog.places import is_place
from catalog.schema import OneThing, OutputDefinition, ProcessDefinition
from catalog.source import Place
from core.text import Text
from workflows.process import Effect

Found = Iterator[tuple[Place, Text]]

NO_QUESTION = Text(
    zh="“{path}”应是一个只问一次的问题。", en='"{path}" should be a question that is asked once.'
)
PATTERN_MISSING = Text(
    zh="登记簿编号（number_from: register）要写明编号规则（number_pattern），其他编号不能写。",
    en='A number from a register ("register") needs its number_pattern; other numbers have none.',
)


def output_mistakes(
    place: Place, output: OutputDefinition, process: ProcessDefinition, thing: OneThing
) -> Found:
    """Results that no step issues, whose number nothing gives, or that show what is not asked."""
    yield from _facts(place, output, thing)
    issuing = [row for row in process.transitions if Effect.ISSUE_OUTPUTS in row.effects]
    if not issuing:
        yield (
            place,
            Text(
                zh=f"流程 {process.code} 没有颁发结果（issue_outputs）的一步。",
                en=f"The process {process.code} has no step that issues outputs (issue_outputs).",
            ),
        )
    if (output.number_from == "register") != (output.number_pattern is not None):
        yield (*place, "number_from"), PATTERN_MISSING
    if output.number_from != "input":
        return
    for row in issuing:
        typed = {question.code for question in process.inputs.get(row.trigger, ())}
        if output.input not in typed:
            yield (
                (*place, "input" if output.input else "number_from"),
                Text(
                    zh=f"动作 {row.trigger} 没有名为“{output.input}”的填写项，无法取得编号。",
                    en=f'{row.trigger} has no input "{output.input}" that could hold the number.',
                ),
            )


def _facts(place: Place, output: OutputDefinition, thing: OneThing) -> Found:
    """What stands on a result must be asked once, and not in a section that repeats."""
    for at, fact in enumerate(output.facts):
        for number, path in enumerate(fact.paths):
            section = next(
                (each for each in thing.sections if each.code == path.split(".")[0]), None
            )
            repeats = section is not None and section.repeat is not None
            if repeats or "." not in path or not is_place(thing, path):
                yield (*place, "facts", at, "paths", number), NO_QUESTION.format(path=path)
