"""Failed jobs in every state, for ``prepared.py``."""

from datetime import datetime

from core.database import Database
from services import job_failures, job_repairs
from services.job_repairs import Act, Repair
from tests.fixtures.failed_jobs import given_up, to_be_tried
from workflows.permissions import Actor

WHY = "申请人已经撤回，不用再通知。"


def prepare_jobs(database: Database, operator: Actor, at: datetime) -> dict[str, str]:
    """Jobs that were given up for various reasons, one to be tried again, one that was dropped."""
    for reason in (job_failures.PROGRAM, job_failures.DATABASE, job_failures.WORKER_LOST):
        given_up(database, reason=reason)
    to_be_tried(database)
    settled = "tell_sender"
    given_up(database, settled)
    with database.transaction() as session:
        dropped = Repair(name=settled, act=Act.DROP, job_ids=None, reason=WHY)
        job_repairs.repair(session, operator, dropped, at)
    return {"settled_job": settled}
