"""Tables, and nothing that decides. Every model is imported here so that Alembic sees it."""

from models.absence import Absence
from models.assignment import AssignmentPolicy, AssignmentTurn
from models.attempt import Attempt
from models.automatic_decision import AutomaticAssessment, AutomaticSwitch
from models.base import Base
from models.case import Case, CaseAnswers
from models.conflict import Conflict
from models.counter import CounterVisit, DraftHandOver, DraftLock
from models.credit_mark import CreditMark
from models.decision_draft import DecisionDraft
from models.definition import CalendarDay, CalendarVersion, DefinitionVersion, Maker
from models.delegation import Delegation
from models.document import Document
from models.document_service import DocumentService
from models.event import Event, EventText
from models.hand_over_package import HandOverPackage
from models.invariant_run import InvariantRun
from models.job_failure import JobFailure, JobRepair
from models.ledger import Tariff, Transfer
from models.lifted_credit_mark import LiftedCreditMark
from models.material_file import MaterialFile
from models.notice import Notice
from models.output import Output, Seal, SealOrder, Serial
from models.person import Person, PersonGrant
from models.preparation import Preparation
from models.presence import Presence
from models.queue_mark import QueueMark
from models.repair import Repair
from models.report_export import ReportExport
from models.routing import HandlingMode, Route
from models.sign_in import Invitation, SignInSession
from models.submission import Submission
from models.supervision import DelayReason, StaffNotice, SupervisionCard
from models.synthetic_load import SyntheticLoad
from models.task import QueueEntry, Task
from models.tolerance import ToleratedPaper

__all__ = [
    "Absence",
    "AssignmentPolicy",
    "AssignmentTurn",
    "Attempt",
    "AutomaticAssessment",
    "AutomaticSwitch",
    "Base",
    "CalendarDay",
    "CalendarVersion",
    "Case",
    "CaseAnswers",
    "Conflict",
    "CounterVisit",
    "CreditMark",
    "DecisionDraft",
    "DefinitionVersion",
    "DelayReason",
    "Delegation",
    "Document",
    "DocumentService",
    "DraftHandOver",
    "DraftLock",
    "Event",
    "EventText",
    "HandOverPackage",
    "HandlingMode",
    "InvariantRun",
    "Invitation",
    "JobFailure",
    "JobRepair",
    "LiftedCreditMark",
    "Maker",
    "MaterialFile",
    "Notice",
    "Output",
    "Person",
    "PersonGrant",
    "Preparation",
    "Presence",
    "QueueEntry",
    "QueueMark",
    "Repair",
    "ReportExport",
    "Route",
    "Seal",
    "SealOrder",
    "Serial",
    "SignInSession",
    "StaffNotice",
    "Submission",
    "SupervisionCard",
    "SyntheticLoad",
    "Tariff",
    "Task",
    "ToleratedPaper",
    "Transfer",
]
