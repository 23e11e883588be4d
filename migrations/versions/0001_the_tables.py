"""The tables

Revision ID: 0001
Revises:
"""

import flask_security
import sqlalchemy as sa
from alembic import op

import webapp.models

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The audit trail is only ever added to; the database itself refuses the rest.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''the audit trail is append-only''; END'",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "EXECUTE FUNCTION refuse_change()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", webapp.models.Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_at", webapp.models.Instant(), nullable=True),
        sa.Column("revoked_at", webapp.models.Instant(), nullable=True),
        sa.Column("used_at", webapp.models.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_key_sha256")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", webapp.models.Instant(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action_at"), ["action", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_at"), ["subject", "at"], unique=False)

    op.create_table(
        "game",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=32), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("created_at", webapp.models.Instant(), nullable=False),
        sa.Column("finished_at", webapp.models.Instant(), nullable=True),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_game")),
        sa.UniqueConstraint("link", name=op.f("uq_game_link")),
    )
    with op.batch_alter_table("game", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_game_visitor"), ["visitor"], unique=False)

    op.create_table(
        "name_tally",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("men", sa.Integer(), nullable=False),
        sa.Column("both", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_name_tally")),
    )
    with op.batch_alter_table("name_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_tally_against"), ["against"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_tally_missed"), ["missed"], unique=False)

    op.create_table(
        "review_case",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("men", sa.Integer(), nullable=False),
        sa.Column("both", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("surest", sa.Double(), nullable=False),
        sa.Column("p_female", sa.Double(), nullable=False),
        sa.Column("first_at", webapp.models.Instant(), nullable=False),
        sa.Column("last_at", webapp.models.Instant(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("is_contested", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_review_case")),
    )
    with op.batch_alter_table("review_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_case_is_contested_votes_name"),
            ["is_contested", "votes", "name"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_review_case_last_at_name"), ["last_at", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_case_surest_name"), ["surest", "name"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_review_case_votes_surest_name"), ["votes", "surest", "name"], unique=False
        )

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("changed_at", webapp.models.Instant(), nullable=False),
        sa.Column("answered_at", webapp.models.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("permissions", flask_security.datastore.AsaList(), nullable=True),
        sa.Column(
            "update_datetime", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_throttle")),
    )
    op.create_table(
        "user",
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.Column("mf_recovery_codes", flask_security.datastore.AsaList(), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("us_phone_number", sa.String(length=128), nullable=True),
        sa.Column("username", sa.String(length=255), nullable=True),
        sa.Column("us_totp_secrets", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("last_login_at", sa.DateTime(), nullable=True),
        sa.Column("current_login_at", sa.DateTime(), nullable=True),
        sa.Column("last_login_ip", sa.String(length=64), nullable=True),
        sa.Column("current_login_ip", sa.String(length=64), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_phone_number", sa.String(length=128), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column(
            "create_datetime", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.Column(
            "update_datetime", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_user_fs_webauthn_user_handle")),
        sa.UniqueConstraint("us_phone_number", name=op.f("uq_user_us_phone_number")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", webapp.models.Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["version.id"], name=op.f("fk_version_parent_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_version_sha256")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", webapp.models.Instant(), nullable=False),
        sa.Column("updated_at", webapp.models.Instant(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("typed", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("guessed", sa.String(length=8), nullable=False),
        sa.Column("p_female", sa.Double(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("previous", sa.String(length=8), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("taught", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=32), nullable=False),
        sa.Column("decided_at", webapp.models.Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("learned_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", webapp.models.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["learned_id"], ["version.id"], name=op.f("fk_feedback_learned_id_version")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_feedback_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("link", name=op.f("uq_feedback_link")),
        sa.UniqueConstraint(
            "visitor", "name", "version_id", name=op.f("uq_feedback_visitor_name_version_id")
        ),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_name_created_at"), ["name", "created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feedback_name_status_version_id"), ["name", "status", "version_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_status_created_at"), ["status", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_status_learned_id_name"), ["status", "learned_id", "name"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_version_id_created_at"), ["version_id", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_version_id_status_created_at"),
            ["version_id", "status", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_version_id_guessed_answer"),
            ["version_id", "guessed", "answer"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_visitor_created_at"), ["visitor", "created_at"], unique=False
        )

    op.create_table(
        "game_tally",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("truth", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("guessed", sa.String(length=8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_game_tally_version_id_version")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "day", "truth", "answer", "guessed", name=op.f("pk_game_tally")
        ),
    )
    op.create_table(
        "lesson",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_lesson_version_id_version"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name=op.f("pk_lesson")),
    )
    op.create_table(
        "promotion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", webapp.models.Instant(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_promotion_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )
    op.create_table(
        "roles_users",
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_roles_users_role_id_role")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_roles_users_user_id_user")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", webapp.models.Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("promote_if_passed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("champion_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("started_at", webapp.models.Instant(), nullable=True),
        sa.Column("heartbeat_at", webapp.models.Instant(), nullable=True),
        sa.Column("finished_at", webapp.models.Instant(), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("comparison", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["champion_id"], ["version.id"], name=op.f("fk_run_champion_id_version")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_run_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("is_active", name=op.f("uq_run_is_active")),
    )
    op.create_table(
        "tally",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("guessed", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("taught", sa.Boolean(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_tally_version_id_version")),
        sa.PrimaryKeyConstraint(
            "version_id", "day", "source", "guessed", "answer", "status", "taught", name=op.f("pk_tally")
        ),
    )
    op.execute("INSERT INTO revision (id, n, changed_at) VALUES (1, 0, CURRENT_TIMESTAMP)")
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_table("run")
    op.drop_table("roles_users")
    op.drop_table("promotion")
    op.drop_table("lesson")
    op.drop_table("game_tally")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_visitor_created_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_version_id_guessed_answer"))
        batch_op.drop_index(batch_op.f("ix_feedback_status_learned_id_name"))
        batch_op.drop_index(batch_op.f("ix_feedback_status_created_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_name_status_version_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_name_created_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_decided_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_created_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_version_id_status_created_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_version_id_created_at"))

    op.drop_table("feedback")
    op.drop_table("version")
    op.drop_table("user")
    op.drop_table("throttle")
    op.drop_table("role")
    op.drop_table("revision")
    with op.batch_alter_table("review_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_case_votes_surest_name"))
        batch_op.drop_index(batch_op.f("ix_review_case_surest_name"))
        batch_op.drop_index(batch_op.f("ix_review_case_last_at_name"))
        batch_op.drop_index(batch_op.f("ix_review_case_is_contested_votes_name"))

    op.drop_table("review_case")
    with op.batch_alter_table("name_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_name_tally_missed"))
        batch_op.drop_index(batch_op.f("ix_name_tally_against"))

    op.drop_table("name_tally")
    with op.batch_alter_table("game", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_game_visitor"))

    op.drop_table("game")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action_at"))

    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_table("api_key")
