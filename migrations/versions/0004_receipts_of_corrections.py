"""What a version was taught keeps what it was counted from, and the answers before and after

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = {
    "people": sa.Integer(),
    "known": sa.Double(),
    "visitors": sa.Integer(),
    "said": sa.Double(),
    "before": sa.Double(),
    "after": sa.Double(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("lesson", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lesson") as table:
        for name in COLUMNS:
            table.drop_column(name)
