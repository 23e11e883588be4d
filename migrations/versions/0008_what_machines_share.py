"""Workers, files that visitors bring and corpora that admins bring are known to every machine

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from webapp.models import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("machine", sa.JSON(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("touched_at", Instant(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_upload_visitor", "upload", ["visitor"])
    op.create_index("ix_upload_touched_at", "upload", ["touched_at"])
    op.create_table(
        "corpus",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=True),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    for table in ("corpus", "upload", "worker"):
        op.drop_table(table)
