"""The audit trail's actions in one style, noun.verb

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RENAMED = {
    "login": "login.succeed",
    "login-failed": "login.fail",
    "logout": "login.end",
    "password": "password.change",  # nosec B105 # an action's name
    "user-reset": "password.reset",
    "user-add": "user.add",
    "user-enable": "user.enable",
    "user-disable": "user.disable",
    "user-role": "role.change",
    "key-add": "key.add",
    "key-revoke": "key.revoke",
    "feedback-accept": "feedback.accept",
    "feedback-reject": "feedback.reject",
    "feedback-undo": "feedback.undo",
    "version.first": "version.install",
}
# The triggers of 0001, which would refuse the renaming.
DROPPED = {
    "sqlite": [f"DROP TRIGGER audit_entry_no_{verb}" for verb in ("update", "delete")],
    "postgresql": ["DROP TRIGGER audit_entry_append_only ON audit_entry"],
}
CREATED = {
    "sqlite": [
        f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "EXECUTE FUNCTION refuse_change()",
    ],
}


def upgrade() -> None:
    rename(RENAMED)


def downgrade() -> None:
    rename({new: old for old, new in RENAMED.items()})


def rename(words: dict[str, str]) -> None:
    entries = sa.table("audit_entry", sa.column("action"))
    kind = op.get_bind().dialect.name
    for statement in DROPPED[kind]:
        op.execute(statement)
    for old, new in words.items():
        op.execute(entries.update().where(entries.c.action == old).values(action=new))
    for statement in CREATED[kind]:
        op.execute(statement)
