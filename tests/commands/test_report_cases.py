"""``flask report times`` and ``flask report rates``: the pages' figures on a terminal."""

import json

from flask import Flask

from tests.fixtures.world import World
from tests.services.test_door import finish


def test_both_reports_are_printed_with_their_definitions_and_as_json(
    app: Flask, world: World
) -> None:
    key = world.licensed()
    finish(world, key)
    run = app.test_cli_runner().invoke

    times = run(args=["report", "times"])
    rates = run(args=["report", "rates", "--origin", "live", "--thing", "business_start_up"])
    document = json.loads(run(args=["report", "times", "--format", "json"]).stdout)

    assert "已提交 / sent: 1 " in times.output
    assert "T_core = the end of the last core item" in times.output
    for words in ("可网办率", "全程网办率", "网上办件率", "87.50% (7/8)", "100.00% (1/1)"):
        assert words in rates.output
    assert document["report"] == "times"
    assert document["tables"]["totals"]["rows"][0]["sent"] == 1


def test_a_filter_that_cannot_be_read_is_refused_beside_its_name(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["report", "rates", "--channel", "fax"])

    assert done.exit_code == 1
    assert "--channel: 没有这种办理渠道。" in done.output
