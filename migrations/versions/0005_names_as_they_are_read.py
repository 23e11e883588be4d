"""Answers are stored under the name as it is read now: Ольга as olga, علي as itself, "Ms. Kim" as kim

An answer whose spelling alone is read otherwise moves, whatever was decided on it. Where a title or the like
was part of the old name, only what nobody has decided moves: who accepted "ms kim" did not speak of kim. What
would meet another answer of the same visitor to the same version stays, and so does what is no name at all.

`flask setup`, which runs the migrations, recounts afterwards what is counted by name.

Revision ID: 0005
Revises: 0004
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from training.names import read

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

feedback = sa.table("feedback", *map(sa.column, ("visitor", "name", "typed", "version_id", "status")))
lesson = sa.table("lesson", *map(sa.column, ("version_id", "name")))


def upgrade() -> None:
    connection = op.get_bind()
    moved: dict[str, set[str]] = defaultdict(set)
    for typed, name in connection.execute(sa.select(feedback.c.typed, feedback.c.name).distinct()).all():
        reading = read(typed)
        if not reading.is_refused and reading.key != name and len(reading.key) <= 64:
            move(connection, typed, name, reading.key, is_spelling=not reading.left_out)
            moved[name].add(reading.key)
    for name, new in moved.items():
        move_taught(connection, name, new)


def move(connection: sa.Connection, typed: str, old: str, new: str, is_spelling: bool) -> None:
    other = feedback.alias()
    meets = sa.exists().where(
        other.c.visitor == feedback.c.visitor,
        other.c.version_id == feedback.c.version_id,
        other.c.name == new,
    )
    which = feedback.update().where(feedback.c.typed == typed, feedback.c.name == old, ~meets)
    if not is_spelling:
        which = which.where(feedback.c.status.in_(("right", "pending")))
    connection.execute(which.values(name=new))


def move_taught(connection: sa.Connection, old: str, new: set[str]) -> None:
    # What a version was taught moves with the answers, if all of them went one way.
    is_left = connection.scalar(sa.select(sa.exists().where(feedback.c.name == old)))
    if is_left or len(new) > 1:
        return
    (name,) = new
    other = lesson.alias()
    meets = sa.exists().where(other.c.version_id == lesson.c.version_id, other.c.name == name)
    connection.execute(lesson.update().where(lesson.c.name == old, ~meets).values(name=name))


def downgrade() -> None:
    """Leave the names: an older release reads on what they hold."""
