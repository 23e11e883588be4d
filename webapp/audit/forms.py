"""The form that chooses entries of the audit trail."""

from wtforms import SelectField, StringField

from webapp.audit import trail as audit
from webapp.languages.texts import gettext, lazy_gettext
from webapp.presentation import dates
from webapp.web.forms import DAY, FilterForm


class AuditFilterForm(FilterForm):
    """Who did what, and when."""

    actor = SelectField(lazy_gettext("Who"), validate_choice=False)
    action = SelectField(lazy_gettext("What"), validate_choice=False)
    since = StringField(lazy_gettext("From"), render_kw=DAY)
    until = StringField(lazy_gettext("To"), render_kw=DAY)

    def offer(self, actors: list[str], actions: list[str]) -> None:
        """Set what there is to choose from."""
        for field, values in ((self.actor, actors), (self.action, actions)):
            field.choices = {"": gettext("any")} | {value: value for value in values}

    def wanted(self) -> audit.AuditFilter:
        """Return the filter that is asked for; raise Invalid for a day that is none."""
        return audit.AuditFilter(
            actor=self.actor.data or "",
            action=self.action.data or "",
            since=dates.parse_day_or_none(self.since.data, "since"),
            until=dates.end_of_day_or_none(self.until.data, "until"),
        )
