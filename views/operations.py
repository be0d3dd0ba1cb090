"""The operators' pages: whether the service is well, in numbers; failed jobs and their repair."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from core.clock import now
from core.errors import NotFoundError, RuleViolatedError
from core.text import Text
from forms.job_repairs import RepairForm
from services import invariants, job_failures, job_repairs, operations
from services.job_repairs import Act
from views.actors import current_actor, requires
from views.database import reports_database, transaction
from views.health import current_readiness
from workflows.permissions import Permission

bp = Blueprint("operations", __name__, url_prefix="/operations")

NO_SUCH_JOBS = Text(zh="没有这个名称的失败任务。", en="No job of this name has failed.")


@bp.get("")
@requires(Permission.OPERATIONS_READ)
def index() -> ResponseReturnValue:
    """Readiness with its reasons, what waits for each department, jobs and workers."""
    at = now()
    with transaction() as session:
        queues = operations.queues(session, at)
        jobs = operations.jobs(session, at)
        workers = operations.workers(session)
    return render_template(
        "operations/index.html",
        readiness=current_readiness(),
        reports=reports_database().source(),
        queues=queues,
        jobs=jobs,
        workers=workers,
        at=at,
    )


@bp.get("/invariants")
@requires(Permission.OPERATIONS_READ)
def invariant_runs() -> ResponseReturnValue:
    """The newest run of every check: of what moved of late, and of everything."""
    with transaction() as session:
        runs = invariants.last_runs(session)
    return render_template(
        "operations/invariants.html",
        runs=runs,
        every=invariants.INVARIANTS,
        most_shown=invariants.MOST_SHOWN,
    )


@bp.get("/jobs")
@requires(Permission.OPERATIONS_READ)
def failed_jobs() -> ResponseReturnValue:
    """The names of jobs that failed: given up, or to be tried again."""
    with transaction() as session:
        names = job_failures.names(session)
    return render_template("operations/jobs.html", names=names)


@bp.get("/jobs/<string:name>")
@requires(Permission.OPERATIONS_READ)
def failed_jobs_of(name: str) -> ResponseReturnValue:
    """The failed jobs of one name with their reasons, and what was done about such before."""
    return _failed_page(name, RepairForm())


@bp.post("/jobs/<string:name>")
@requires(Permission.OPERATIONS_REPAIR)
def repair_jobs(name: str) -> ResponseReturnValue:
    """Have some or all of them done again, or drop them, with a reason."""
    form = RepairForm(request.form)
    wanted = form.read(name)
    if wanted is None:
        return _failed_page(name, form), 422
    try:
        with transaction() as session:
            count = job_repairs.repair(session, current_actor(), wanted, now())
    except RuleViolatedError as refusal:
        form.blame(refusal.problems)
        return _failed_page(name, form), 422
    if wanted.act is Act.AGAIN:
        words = ngettext("%(num)s 个任务会马上再做。", "%(num)s 个任务会马上再做。", count)
    else:
        words = ngettext("丢弃了 %(num)s 个任务。", "丢弃了 %(num)s 个任务。", count)
    flash(words, "success")
    return redirect(url_for("operations.failed_jobs_of", name=name), 303)


def _failed_page(name: str, form: RepairForm) -> str:
    with transaction() as session:
        if not job_repairs.is_name(session, name):
            raise NotFoundError(NO_SUCH_JOBS)
        jobs = job_failures.of_name(session, name)
        count = next((e.given_up for e in job_failures.names(session) if e.name == name), 0)
        record = job_repairs.record(session, name)
    return render_template(
        "operations/failed_jobs.html",
        name=name,
        form=form,
        given_up=[job for job in jobs if job.next_at is None],
        retrying=[job for job in jobs if job.next_at is not None],
        count=count,
        most_shown=job_failures.MOST_SHOWN,
        record=record,
        acts=Act,
        may_repair=current_actor().has(Permission.OPERATIONS_REPAIR),
    )
