"""Answers by script and by country

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from training.names.scripts.written import country_asked, script_in

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = ("version_id", "day", "source", "guessed", "answer", "status", "taught", "script", "country")
AT_ONCE = 1_000


def _place() -> list[sa.Column[str]]:
    return [
        sa.Column("script", sa.String(16), nullable=False, server_default="latin"),
        sa.Column("country", sa.String(2), nullable=False, server_default=""),
    ]


def upgrade() -> None:
    op.add_column("feedback", sa.Column("script", sa.String(16), nullable=False, server_default="latin"))
    op.add_column("feedback", sa.Column("country", sa.String(2), nullable=False, server_default=""))
    op.create_table(
        "place_tally",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("guessed", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("taught", sa.Boolean(), nullable=False),
        sa.Column("script", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_place_tally_version_id_version")
        ),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_place_tally")),
    )
    _tell_places()
    columns = ", ".join(KEY)
    counted = f"SELECT {columns}, COUNT(*) FROM feedback"  # nosec B608
    told = f"{counted} WHERE script != 'latin' OR country != '' GROUP BY {columns}"
    op.execute(f"INSERT INTO place_tally ({columns}, n) {told}")


def downgrade() -> None:
    op.drop_table("place_tally")
    with op.batch_alter_table("feedback") as table:
        table.drop_column("script")
        table.drop_column("country")


def _tell_places() -> None:
    connection = op.get_bind()
    feedback = sa.table("feedback", *map(sa.column, ("id", "name", "typed", "script", "country")))
    columns, last = (feedback.c.id, feedback.c.name, feedback.c.typed), 0
    while True:
        some = sa.select(*columns).where(feedback.c.id > last).order_by(feedback.c.id).limit(AT_ONCE)
        rows = connection.execute(some).fetchall()
        for id_, name, typed in rows:
            place = {"script": script_in(typed), "country": country_asked(name, typed)}
            if place != {"script": "latin", "country": ""}:
                connection.execute(feedback.update().where(feedback.c.id == id_).values(**place))
        if not rows:
            return
        last = rows[-1].id
