"""A Django application with the case of the job, for Viewflow."""
