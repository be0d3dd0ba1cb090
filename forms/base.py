"""The one base of every form, and the one place that knows Flask-WTF ships no types."""

from typing import Any

from flask_wtf import FlaskForm


class Form(FlaskForm):
    """A form with a token against forged posts; it keeps what was typed, whatever it is."""

    data: dict[str, Any]

    def submitted_and_valid(self) -> bool:
        """True if the page was sent and every field has the right shape."""
        return bool(self.validate_on_submit())

    def error_list(self) -> list[dict[str, str]]:
        """Every mistake with the id of its field, for the summary at the top of the page."""
        return [
            {"id": field.first_id if hasattr(field, "first_id") else field.id, "text": str(error)}
            for field in self
            for error in field.errors
        ]
