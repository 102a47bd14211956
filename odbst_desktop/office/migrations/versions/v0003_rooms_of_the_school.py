"""Schema 3: removed users, documents, people over time, and the rooms of the school's work.

The search index of meetings is made anew, from the meetings as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# As it stood when this step was written: a later program may word its index otherwise.
_SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE meetings_search USING fts5(meeting UNINDEXED, words, tags, "
    "tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\", prefix='2 3')",
    "INSERT INTO meetings_search(meetings_search, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER meetings_search_after_update AFTER UPDATE ON meetings_meeting "
    "BEGIN DELETE FROM meetings_search WHERE meeting = old.id; END",
    "CREATE TRIGGER meetings_search_after_delete AFTER DELETE ON meetings_meeting "
    "BEGIN DELETE FROM meetings_search WHERE meeting = old.id; END",
)


def upgrade() -> None:
    """Add the columns and the tables, room by room."""
    _vault()
    _school()
    _actions()
    _form_library()
    _spreadsheets()
    _meetings()
    _monitoring()
    _training()
    _compliance()
    _retention()


def _vault() -> None:
    op.create_table(
        "vault_document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "vault_setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("vault_user", sa.Column("removed_at", sa.String(), nullable=True))


def _school() -> None:
    op.create_table(
        "school_post",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_index(op.f("ix_school_post_urn"), "school_post", ["urn"], unique=False)
    op.add_column(
        "school_person", sa.Column("staff_number", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "school_person", sa.Column("team", sa.String(), server_default="", nullable=False)
    )
    op.add_column("school_person", sa.Column("hub", sa.String(), server_default="", nullable=False))
    op.add_column("school_person", sa.Column("job_description_seen", sa.Date(), nullable=True))
    op.add_column("school_person", sa.Column("dsl_hours", sa.Float(), nullable=True))
    op.add_column("school_person", sa.Column("appraisal_target_set", sa.Date(), nullable=True))
    op.add_column(
        "school_role", sa.Column("recorded_at", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "school_role", sa.Column("superseded_at", sa.String(), server_default="", nullable=False)
    )


def _actions() -> None:
    op.add_column(
        "actions_action", sa.Column("evidence", sa.String(), server_default="", nullable=False)
    )
    op.add_column("actions_action", sa.Column("check_on", sa.Date(), nullable=True))
    op.add_column("actions_action", sa.Column("checked_on", sa.Date(), nullable=True))
    op.add_column(
        "actions_action", sa.Column("effect", sa.String(), server_default="", nullable=False)
    )


def _form_library() -> None:
    op.create_table(
        "form_library_definition",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("kept_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index(
        op.f("ix_form_library_definition_form_id"),
        "form_library_definition",
        ["form_id"],
        unique=False,
    )
    op.create_table(
        "form_library_trust_form",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("marked_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["form_library_definition.sha256"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_form_library_trust_form_sha256"),
        "form_library_trust_form",
        ["sha256"],
        unique=False,
    )


def _spreadsheets() -> None:
    op.create_table(
        "spreadsheets_mapping",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("target", "source"),
    )


def _meetings() -> None:
    op.create_table(
        "meetings_import_word",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("placed_as", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("what", "digest"),
    )
    op.create_table(
        "meetings_week",
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("monday"),
    )
    op.create_table(
        "meetings_version",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings_meeting.id"],
        ),
        sa.PrimaryKeyConstraint("meeting_id", "version"),
    )
    op.add_column(
        "meetings_meeting", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column(
        "meetings_meeting", sa.Column("reason", sa.String(), server_default="", nullable=False)
    )
    op.add_column("meetings_meeting", sa.Column("amendment", sa.String(), nullable=True))
    op.add_column(
        "meetings_meeting",
        sa.Column("amendment_reason", sa.String(), server_default="", nullable=False),
    )
    for statement in _SEARCH_INDEX:
        op.execute(statement)


def _monitoring() -> None:
    op.create_table(
        "monitoring_theme",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("checks", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("taken_up_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_monitoring_theme_urn"), "monitoring_theme", ["urn"], unique=False)
    op.add_column("monitoring_visit", sa.Column("school_sha256", sa.String(), nullable=True))
    op.add_column(
        "monitoring_visit", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column(
        "monitoring_visit", sa.Column("root", sa.String(), server_default="", nullable=False)
    )
    op.add_column("monitoring_visit", sa.Column("amends", sa.String(), nullable=True))
    op.add_column(
        "monitoring_visit",
        sa.Column("amend_reason", sa.String(), server_default="", nullable=False),
    )
    op.add_column(
        "monitoring_visit",
        sa.Column("explanations", sa.String(), server_default="{}", nullable=False),
    )
    op.add_column(
        "monitoring_visit", sa.Column("responses", sa.String(), server_default="{}", nullable=False)
    )
    op.add_column(
        "monitoring_visit",
        sa.Column("responded_by", sa.String(), server_default="", nullable=False),
    )
    op.add_column("monitoring_visit", sa.Column("responded_on", sa.Date(), nullable=True))
    op.add_column("monitoring_visit", sa.Column("reported_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_monitoring_visit_root"), "monitoring_visit", ["root"], unique=False)
    op.execute("UPDATE monitoring_visit SET root = id")


def _training() -> None:
    op.create_table(
        "training_import",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "training_meaning",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "words"),
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hub", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_training_session_course"), "training_session", ["course"], unique=False
    )
    op.create_table(
        "training_attendance",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["school_person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_session.id"],
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id"),
    )
    op.create_table(
        "training_exemption",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["school_person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_training_exemption_person_id"), "training_exemption", ["person_id"], unique=False
    )
    op.add_column("training_record", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column(
        "training_record", sa.Column("edition", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "training_record", sa.Column("recorded_at", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "training_record",
        sa.Column("superseded_at", sa.String(), server_default="", nullable=False),
    )
    op.add_column(
        "training_record", sa.Column("replaces", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "training_record", sa.Column("reason", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "training_record", sa.Column("origin", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "training_record", sa.Column("certificate", sa.String(), server_default="", nullable=False)
    )
    op.create_index(op.f("ix_training_record_origin"), "training_record", ["origin"], unique=False)


def _compliance() -> None:
    op.create_table(
        "compliance_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("holds_until", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", sa.String(), nullable=False),
        sa.Column("is_taken_back", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_compliance_answer_item"), "compliance_answer", ["item"], unique=False)
    op.create_table(
        "compliance_draft",
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("typed", sa.String(), nullable=False),
        sa.Column("typed_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("item"),
    )


def _retention() -> None:
    op.create_table(
        "retention_disposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("disposed_at", sa.String(), nullable=False),
        sa.Column("disposed_by", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("tidied_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("placed_at", sa.String(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("lifted_at", sa.String(), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "retention_period",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
