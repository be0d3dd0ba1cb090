"""The process of the job as Viewflow writes it."""

from viewflow import this
from viewflow.workflow import flow, lock

from benchmarks.peers.company.models import Case


class CompanyFlow(flow.Flow):
    """Acceptance, the licence, then the seals beside four departments."""

    process_class = Case
    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle(this.begin).Next(this.accept)
    accept = flow.View(None).Next(this.registration)
    registration = flow.View(None).Next(this.split)
    split = (
        flow.Split()
        .Next(this.code)
        .Next(this.tax)
        .Next(this.medical_insurance)
        .Next(this.housing_fund)
        .Next(this.bank_appointment)
    )
    code = flow.View(None).Next(this.engrave)
    engrave = flow.View(None).Next(this.deliver)
    deliver = flow.View(None).Next(this.file)
    file = flow.View(None).Next(this.join)
    tax = flow.View(None).Next(this.join)
    medical_insurance = flow.View(None).Next(this.join)
    housing_fund = flow.View(None).Next(this.join)
    bank_appointment = flow.View(None).Next(this.join)
    join = flow.Join().Next(this.end)
    end = flow.End()

    def begin(self, activation, case_id):
        """Tell which case it is."""
        activation.process.case_id = case_id
        return activation.process
