"""What a change of somebody's rights ends, in sentences."""

from dataclasses import dataclass

from webapp.accounts.service import Changed
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import counted
from webapp.models.enums import RoleName


@dataclass(frozen=True)
class Endings:
    """What a user has going: live API keys, those of them that a reviewer could not have, a training run."""

    keys: int
    beyond: int
    run_id: int | None

    @property
    def if_disabled(self) -> str:
        """What ends if they are disabled."""
        ends = [gettext("every log-in of theirs"), *self._keys, *self._run]
        return gettext("Disabling ends %(things)s.", things=numbers.join(ends))

    @property
    def if_reviewer(self) -> str:
        """What ends if they become a reviewer; empty if nothing does."""
        keys = counted(self.beyond, "API key")
        if self.beyond and self._run:
            return gettext(
                "Making them a reviewer limits %(keys)s and ends %(run)s.", keys=keys, run=self._run[0]
            )
        if self.beyond:
            return gettext("Making them a reviewer limits %(keys)s.", keys=keys)
        return gettext("Making them a reviewer ends %(run)s.", run=self._run[0]) if self._run else ""

    @property
    def _keys(self) -> list[str]:
        return [counted(self.keys, "API key")] if self.keys else []

    @property
    def _run(self) -> list[str]:
        return [gettext("run %(id)s", id=self.run_id)] if self.run_id else []


def disabled(user: Changed, runs: list[int]) -> str:
    """Say that a user was disabled, and what ended with that."""
    told = [
        gettext("%(email)s can no longer log in, and every log-in of theirs has ended.", email=user.email)
    ]
    if user.keys:
        n, keys = counted(len(user.keys), "API key"), numbers.comma().join(user.keys)
        told.append(gettext("%(n)s ended too: %(keys)s.", n=n, keys=keys))
    return " ".join(told + _cancelled(runs))


def changed(user: Changed, role: str, runs: list[int]) -> str:
    """Say what a user is now, and what ended with that."""
    if role == RoleName.ADMIN:
        told = [gettext("%(email)s is now an admin.", email=user.email)]
    else:
        told = [gettext("%(email)s is now a reviewer.", email=user.email)]
    if user.keys:
        n, keys = counted(len(user.keys), "API key"), numbers.comma().join(user.keys)
        told.append(gettext("%(n)s may do no more than that: %(keys)s.", n=n, keys=keys))
    return " ".join(told + _cancelled(runs))


def enabled(email: str) -> str:
    """Say that a user was enabled, and what does not come back."""
    return gettext("%(email)s can log in again. API keys that ended stay so.", email=email)


def factor_removed(email: str) -> str:
    """Say that somebody's second factor was taken away."""
    return gettext(
        "%(email)s logs in with the password alone until they set up a second factor again.", email=email
    )


def _cancelled(runs: list[int]) -> list[str]:
    return [gettext("Run %(id)s was cancelled.", id=run_id) for run_id in runs]
