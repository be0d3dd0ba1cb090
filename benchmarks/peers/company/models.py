"""The case as Viewflow keeps it: its process, with the id of the application's row."""

from django.db import models
from viewflow.workflow.models import Process


class Case(Process):
    """One company to be opened."""

    case_id = models.UUIDField()

    class Meta:
        """Found without an entry of its own among the installed applications' names."""

        app_label = "company"
