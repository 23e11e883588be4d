"""Versions have a name, can be archived, and know when they were made; two of them are compared name by name

Revision ID: 0006
Revises: 0005
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from webapp.models import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = (
    sa.Column("name", sa.String(64), nullable=False, server_default=""),
    sa.Column("archived_at", Instant(), nullable=True),
    # A default for the moment between adding and filling it.
    sa.Column("made_at", Instant(), nullable=False, server_default="1970-01-01 00:00:00.000000"),
)


def upgrade() -> None:
    # In place: a table that is copied and dropped would take along what refers to it.
    for column in COLUMNS:
        op.add_column(
            "version",
            sa.Column(
                column.name, column.type, nullable=column.nullable, server_default=column.server_default
            ),
        )
    date_versions(op.get_bind())
    op.create_table(
        "version_comparison",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("old_id", sa.Integer(), sa.ForeignKey("version.id", ondelete="CASCADE"), nullable=False),
        sa.Column("new_id", sa.Integer(), sa.ForeignKey("version.id", ondelete="CASCADE"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("phase", sa.String(64), nullable=False, server_default=""),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("heartbeat_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("result", sa.JSON(), nullable=True),
    )
    for column in ("old_id", "new_id"):
        op.create_index(f"ix_version_comparison_{column}", "version_comparison", [column])


def date_versions(connection: sa.Connection) -> None:
    made = sa.text("UPDATE version SET made_at = :made WHERE id = :id")
    made = made.bindparams(sa.bindparam("made", type_=Instant()))
    # One version at a time: cards are long.
    for (id_,) in connection.execute(sa.text("SELECT id FROM version")).all():
        query = sa.text("SELECT card, created_at FROM version WHERE id = :id")
        card, came = connection.execute(query, {"id": id_}).one()
        connection.execute(made, {"id": id_, "made": written_in(card) or as_moment(came)})


def written_in(card: object) -> datetime | None:
    try:
        parsed = json.loads(card) if isinstance(card, str) else card
        return as_moment(parsed["created"])
    except (TypeError, ValueError, KeyError):
        return None


def as_moment(written: object) -> datetime:
    found = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def downgrade() -> None:
    op.drop_table("version_comparison")
    for column in COLUMNS:
        op.drop_column("version", column.name)
