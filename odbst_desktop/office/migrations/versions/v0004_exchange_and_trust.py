"""Schema 4: signing off and amending returns, focus packs, and the desk of the trust."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and the tables, the school's and then the trust's."""
    _columns()
    _school()
    _trust()


def _columns() -> None:
    op.add_column(
        "form_library_trust_form",
        sa.Column("from_term", sa.String(), server_default="", nullable=False),
    )
    op.add_column(
        "returns_return",
        sa.Column("reason", sa.String(), server_default=sa.text("''"), nullable=False),
    )
    op.add_column("returns_return", sa.Column("set_aside", sa.LargeBinary(), nullable=True))
    op.add_column(
        "returns_return",
        sa.Column("exported_at", sa.String(), server_default=sa.text("''"), nullable=False),
    )
    op.add_column(
        "returns_return",
        sa.Column("touched", sa.String(), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "returns_return",
        sa.Column("sheet", sa.String(), server_default=sa.text("'{}'"), nullable=False),
    )


def _school() -> None:
    op.create_table(
        "compliance_trust_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("taken_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_compliance_trust_version_item"), "compliance_trust_version", ["item"], unique=False
    )
    op.create_table(
        "monitoring_focus_pack",
        sa.Column("payload_sha256", sa.String(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("taken_at", sa.String(), nullable=False),
        sa.Column("read_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("payload_sha256"),
    )
    op.create_table(
        "returns_shown",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("return_id", sa.String(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("values", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("shown_on", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_returns_shown_return_id"), "returns_shown", ["return_id"], unique=False
    )
    op.create_table(
        "training_published_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("taken_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_training_published_course_course"),
        "training_published_course",
        ["course"],
        unique=False,
    )
    op.create_table(
        "training_person_change",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["training_import.id"]),
        sa.PrimaryKeyConstraint("import_id", "person_id"),
    )
    op.create_index(
        op.f("ix_training_person_change_person_id"),
        "training_person_change",
        ["person_id"],
        unique=False,
    )


def _trust() -> None:
    op.create_table(
        "trust_due_date",
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("year", "term"),
    )
    op.create_table(
        "trust_pack_draft",
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("saved_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("year", "term"),
    )
    op.create_table(
        "trust_query_draft",
        sa.Column("payload_sha256", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("payload_sha256", "field"),
    )
    op.create_table(
        "trust_report_notes",
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("saved_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("year", "term"),
    )
    op.create_table(
        "trust_review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("led_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("planned_at", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_trust_review_urn"), "trust_review", ["urn"], unique=False)
    op.create_table(
        "trust_school_facts",
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("left", sa.Date(), nullable=True),
        sa.Column("is_tas", sa.Boolean(), nullable=False),
        sa.Column("leadership_concern", sa.String(), nullable=False),
        sa.Column("stakeholder_concern", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("urn"),
    )
    op.create_table(
        "trust_theme_alert",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("noted_at", sa.String(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "trust_theme_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("based_year", sa.String(), nullable=False),
        sa.Column("based_term", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("weights", sa.String(), nullable=False),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_trust_theme_choice_year"), "trust_theme_choice", ["year"], unique=False
    )
    op.create_table(
        "trust_theme_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weights", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_at", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
