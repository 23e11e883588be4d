"""Trainings that visitors watch under /learn are kept by their settings

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from webapp.models import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_training",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("settings", sa.String(96), nullable=False, unique=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("heartbeat_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("rounds", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_table("live_training")
