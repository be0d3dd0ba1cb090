"""Local numbers of a one-thing: written once, put where they are needed, wrong ones named."""

from catalog import register_numbers
from catalog.parameters import substituted
from catalog.source import Place

AREA = {"code": "area", "value": 50}


def wrong(data: object) -> list[Place]:
    return [place for place, _sentence in substituted(data)[1]]


def test_a_number_stands_in_expressions_and_in_sentences() -> None:
    rules = [
        {"expression": "premises.area > parameter.area", "message": "{parameter.area} ㎡"},
        {"when": "xparameter.area > 0", "message": "parameter.area"},
    ]

    found, mistakes = substituted({"parameters": [AREA], "rules": rules})

    assert mistakes == []
    assert found == {
        "parameters": [AREA],
        "rules": [{"expression": "premises.area > 50", "message": "50 ㎡"}, rules[1]],
    }


def test_an_unknown_number_and_one_that_nobody_uses_are_mistakes() -> None:
    data = {"parameters": [AREA], "rules": [{"when": "parameter.size > 1"}]}

    assert wrong(data) == [("rules", 0, "when"), ("parameters", 0)]


def test_what_has_not_the_right_shape_is_left_to_its_reader() -> None:
    strange: list[object] = [None, [], {"parameters": "x"}, {"parameters": [1, {"code": "a"}]}]
    for data in strange:
        found, _mistakes = substituted(data)
        assert found == data


def test_a_register_number_has_its_region_serial_and_check_digit() -> None:
    number = register_numbers.make("JY2{region}{serial}{check}", "620199", 7)

    assert number.startswith("JY2620199000007")
    assert len(number) == 16
    assert register_numbers.is_right(number)
    assert not register_numbers.is_right(number[:-1] + str((int(number[-1]) + 1) % 10))
