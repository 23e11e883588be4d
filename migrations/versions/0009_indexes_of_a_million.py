"""Indexes that lead PostgreSQL to the newest answers of a cell and to the beginnings of names

On PostgreSQL names are ordered by their letters' codes, as on SQLite: then one index finds what begins with
some letters. Older code reads these columns as before.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMES = ("feedback", "name_tally", "review_case")


def _collate(collation: str | None) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in NAMES:
            op.alter_column(table, "name", type_=sa.String(64, collation=collation))


def upgrade() -> None:
    _collate("C")
    op.create_index(
        "ix_feedback_version_id_guessed_answer_id", "feedback", ["version_id", "guessed", "answer", "id"]
    )
    op.drop_index("ix_feedback_version_id_guessed_answer", "feedback")
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_actor", "audit_entry")
    op.create_index("ix_feedback_version_id_guessed_answer", "feedback", ["version_id", "guessed", "answer"])
    op.drop_index("ix_feedback_version_id_guessed_answer_id", "feedback")
    _collate("default")
