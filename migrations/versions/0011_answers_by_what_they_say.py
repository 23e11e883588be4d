"""An index that leads reviewers to the answers that say one thing

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_feedback_answer_created_at", "feedback", ["answer", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_feedback_answer_created_at", "feedback")
