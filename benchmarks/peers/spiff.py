"""SpiffWorkflow on the job: its state is serialised at every step, beside the floor's own rows.

It keeps no rows of its own, so that the application's are written in the same transaction. The
specification is stored once and not in every row, which is kinder to it than its default.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from benchmarks.contender import serve
from benchmarks.floor import connect
from benchmarks.peers.job import BEFORE, OTHERS, SEALS, STEPS, SUBMIT, TRANSACTIONS
from benchmarks.plain_sql import Case, load, new_case

_TABLE = """
create table if not exists workflows (
  district_code text, case_id uuid, state text not null, primary key (district_code, case_id));
grant select, insert, update on workflows to yichuang_app
"""
_GROW = """
insert into workflows select w.district_code, c.id, w.state
from (select * from workflows limit 1) w, cases c
where c.district_code = w.district_code and c.number like 'copy-%'
on conflict do nothing
"""
_READ = "select state from workflows where district_code = %s and case_id = %s for update"
_ADD = "insert into workflows (district_code, case_id, state) values (%s, %s, %s)"
_KEEP = "update workflows set state = %s where district_code = %s and case_id = %s"

_NODES = (
    ("startEvent", "begin"),
    *(("userTask", each) for each in BEFORE),
    ("parallelGateway", "split"),
    *(("userTask", each) for each in (*SEALS, *OTHERS)),
    ("parallelGateway", "join"),
    ("endEvent", "end"),
)
_FLOWS = (
    *zip(("begin", *BEFORE), (*BEFORE, "split"), strict=True),
    *zip(("split", *SEALS), (*SEALS, "join"), strict=True),
    *(("split", each) for each in OTHERS),
    *((each, "join") for each in OTHERS),
    ("join", "end"),
)


def process() -> bytes:
    """The process as BPMN."""
    nodes = "".join(_node(kind, name) for kind, name in _NODES)
    flows = "".join(
        f'<b:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in _FLOWS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" id="all"'
        ' targetNamespace="urn:company"><b:process id="company" isExecutable="true">'
        f"{nodes}{flows}</b:process></b:definitions>"
    ).encode()


def _node(kind: str, name: str) -> str:
    before = "".join(f"<b:incoming>{a}_{b}</b:incoming>" for a, b in _FLOWS if b == name)
    after = "".join(f"<b:outgoing>{a}_{b}</b:outgoing>" for a, b in _FLOWS if a == name)
    return f'<b:{kind} id="{name}" name="{name}">{before}{after}</b:{kind}>'


class Spiff:
    """The contender."""

    def __init__(self, app_url: str, superuser_url: str, plan: Path) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(process()))
        self._specification = parser.get_spec("company")
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self._plan = load(plan)
        self._owner = connect(superuser_url, role="postgres")
        self._owner.execute(_TABLE)
        self._connection = connect(app_url)
        self._stored: dict[str, Any] = {}

    def run(self, first: int, count: int) -> None:
        """Open ``count`` companies."""
        for _number in range(first, first + count):
            case = new_case()
            for number in range(TRANSACTIONS):
                with self._connection.transaction():
                    self._plan.write(self._connection, case, number)
                    self._advance(case, number)

    def grow(self, _count: int) -> None:
        """A state for each of the copied cases."""
        self._owner.execute(_GROW)
        self._owner.execute("vacuum analyze workflows")

    def check(self) -> dict[str, int]:
        """How many states are kept."""
        [count] = self._owner.execute("select count(*) from workflows").fetchone() or (0,)
        return {"workflows": count}

    def _advance(self, case: Case, number: int) -> None:
        key = (self._plan.district_code, case.ids[self._plan.case_id])
        if number == SUBMIT:
            workflow = BpmnWorkflow(self._specification)
            workflow.do_engine_steps()
            self._connection.execute(_ADD, (*key, self._dump(workflow)))
        elif number in STEPS:
            [state] = self._connection.execute(_READ, key).fetchone() or ("",)
            workflow = self._load(state)
            waiting = workflow.get_tasks(state=TaskState.READY, manual=True)
            next(task for task in waiting if task.task_spec.name == STEPS[number]).run()
            workflow.do_engine_steps()
            if workflow.is_completed() != (number == TRANSACTIONS - 1):
                raise RuntimeError("the process ends with the last transaction")
            self._connection.execute(_KEEP, (self._dump(workflow), *key))

    def _dump(self, workflow: BpmnWorkflow) -> str:
        found = self._serializer.to_dict(workflow)
        self._stored = {name: found.pop(name) for name in ("spec", "subprocess_specs")}
        return json.dumps(found)

    def _load(self, state: str) -> BpmnWorkflow:
        return self._serializer.from_dict(json.loads(state) | self._stored)


if __name__ == "__main__":
    serve(Spiff(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
