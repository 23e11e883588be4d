"""Runs know the request that started them; users the last code of their second factor

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("request_id", sa.String(length=64), server_default="", nullable=False))
    op.add_column("user", sa.Column("totp_counter", sa.Integer(), nullable=True))


def downgrade() -> None:
    # Not by a new table, as a batch would on SQLite: other tables point to these.
    op.execute('ALTER TABLE "user" DROP COLUMN totp_counter')
    op.execute("ALTER TABLE run DROP COLUMN request_id")
