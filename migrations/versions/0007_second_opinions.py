"""What reviewers think of a correction is kept apart from what was decided; a colleague can be asked

Of the decisions made so far those of the review pages are taken over: each reviewer's latest word on what
visitors say of a name. What was rejected as part of a flood is left out, for nobody looked at it.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from webapp.models import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DECIDED = """
INSERT INTO verdict (name, answer, "by", status, is_opinion, at)
SELECT name, answer, decided_by, status, :no, decided_at FROM (
  SELECT name, answer, decided_by, status, decided_at,
    ROW_NUMBER() OVER (PARTITION BY name, answer, decided_by ORDER BY decided_at DESC, id DESC) AS place
  FROM feedback
  WHERE decided_by IS NOT NULL AND decided_at IS NOT NULL AND status IN ('accepted', 'rejected')
  AND EXISTS (
    SELECT 1 FROM audit_entry WHERE subject = feedback.name AND actor = feedback.decided_by
    AND action IN ('feedback.accept', 'feedback.reject')
  )
) AS decided WHERE place = 1
"""


def upgrade() -> None:
    op.create_table(
        "verdict",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("answer", sa.String(8), primary_key=True),
        sa.Column("by", sa.String(255), primary_key=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("is_opinion", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_verdict_by", "verdict", ["by"])
    op.create_table(
        "second_opinion",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(255), nullable=False),
        sa.Column("asked_of", sa.String(255), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("given_at", Instant(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
    )
    op.create_index("ix_second_opinion_asked_of_given_at", "second_opinion", ["asked_of", "given_at"])
    op.create_index("ix_second_opinion_name", "second_opinion", ["name"])
    op.get_bind().execute(sa.text(DECIDED), {"no": False})


def downgrade() -> None:
    op.drop_table("second_opinion")
    op.drop_table("verdict")
