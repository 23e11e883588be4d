"""What a change of somebody's rights ends, in sentences."""

from dataclasses import dataclass

from webapp.accounts.service import Changed
from webapp.models.enums import RoleName
from webapp.presentation.wording import counted


@dataclass(frozen=True)
class Endings:
    """What a user has going: live API keys, those of them that a reviewer could not have, a training run."""

    keys: int
    beyond: int
    run_id: int | None

    @property
    def if_disabled(self) -> str:
        """What ends if they are disabled."""
        return f"Disabling ends {_and(['every log-in of theirs', *self._keys, *self._run])}."

    @property
    def if_reviewer(self) -> str:
        """What ends if they become a reviewer; empty if nothing does."""
        loses = [f"limits {counted(self.beyond, 'API key')}"] if self.beyond else []
        ends = [f"ends {self._run[0]}"] if self._run else []
        return f"Making them a reviewer {_and(loses + ends)}." if loses or ends else ""

    @property
    def _keys(self) -> list[str]:
        return [counted(self.keys, "API key")] if self.keys else []

    @property
    def _run(self) -> list[str]:
        return [f"run {self.run_id}"] if self.run_id else []


def disabled(user: Changed, runs: list[int]) -> str:
    """Say that a user was disabled, and what ended with that."""
    told = [f"{user.email} can no longer log in, and every log-in of theirs has ended."]
    if user.keys:
        told.append(f"{counted(len(user.keys), 'API key')} ended too: {', '.join(user.keys)}.")
    return " ".join(told + _cancelled(runs))


def changed(user: Changed, role: str, runs: list[int]) -> str:
    """Say what a user is now, and what ended with that."""
    told = [f"{user.email} is now {'an admin' if role == RoleName.ADMIN else 'a reviewer'}."]
    if user.keys:
        told.append(f"{counted(len(user.keys), 'API key')} may do no more than that: {', '.join(user.keys)}.")
    return " ".join(told + _cancelled(runs))


def enabled(email: str) -> str:
    """Say that a user was enabled, and what does not come back."""
    return f"{email} can log in again. API keys that ended stay so."


def factor_removed(email: str) -> str:
    """Say that somebody's second factor was taken away."""
    return f"{email} logs in with the password alone until they set up a second factor again."


def _cancelled(runs: list[int]) -> list[str]:
    return [f"Run {run_id} was cancelled." for run_id in runs]


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
