"""appeals at two levels, corrections, public notice, re-checks

Revision ID: 20261120_appeals
Revises: 20261120_bundles
Create Date: 2026-11-20 11:17:42.400119

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

import contest.db


# revision identifiers, used by Alembic.
revision = '20261120_appeals'
down_revision = '20261120_bundles'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = sa.CheckConstraint(
    "state IN ('open', 'upheld', 'dismissed', 'withdrawn')", name=conv("ck_appeal_appealstate")
)


def upgrade():
    # No table refers to `appeal` yet, so that SQLite may rewrite it. A rewrite forgets checks unless they are named here.
    with op.batch_alter_table("appeal", table_args=(STATES,)) as batch_op:
        batch_op.add_column(sa.Column("module_key", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("level", NUMBER, server_default="1", nullable=False))
        batch_op.add_column(sa.Column("decide_by", contest.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("acknowledged_at", contest.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("assigned_to", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("assigned_name", sa.String(), server_default="", nullable=False))
        batch_op.alter_column("publication_id", existing_type=NUMBER, nullable=True)
        batch_op.create_check_constraint(
            "against_list_or_module", "publication_id IS NOT NULL OR module_key <> ''"
        )
    op.create_table('result_setting',
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closed_subjects', sa.JSON(), nullable=False),
    sa.Column('decision_hours', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('second_hours', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_module_open', sa.Boolean(), nullable=False),
    sa.Column('notice_days', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('hours', sa.String(), nullable=False),
    sa.Column('supervising_office', sa.String(), nullable=False),
    sa.Column('releases', sa.JSON(), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_result_setting_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_result_setting'))
    )
    op.create_table('recheck',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ranking_key', sa.String(length=80), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('top', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('share_bp', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_everything', sa.Boolean(), nullable=False),
    sa.Column('drawn_at', contest.db.UTCDateTime(), nullable=False),
    sa.Column('drawn_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('drawn_name', sa.String(), nullable=False),
    sa.Column('closed_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_recheck_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck'))
    )
    with op.batch_alter_table('recheck', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_event_id'), ['event_id'], unique=False)

    op.create_table('notice_period',
    sa.Column('publication_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('days', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('hours', sa.String(), nullable=False),
    sa.Column('supervising_office', sa.String(), nullable=False),
    sa.Column('closed_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['publication_id'], ['publication.id'], name=op.f('fk_notice_period_publication_id_publication')),
    sa.PrimaryKeyConstraint('publication_id', name=op.f('pk_notice_period'))
    )
    op.create_table('objection',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('publication_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('received_at', contest.db.UTCDateTime(), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('recorded_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_name', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('is_upheld', sa.Boolean(), nullable=True),
    sa.Column('settled_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('settled_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('settled_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['publication_id'], ['publication.id'], name=op.f('fk_objection_publication_id_publication')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection'))
    )
    with op.batch_alter_table('objection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_objection_publication_id'), ['publication_id'], unique=False)

    op.create_table('recheck_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recheck_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('why', sa.String(length=10), nullable=False),
    sa.Column('marks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wrong', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_right', sa.Boolean(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('checked_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('checked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('checked_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['recheck_id'], ['recheck.id'], name=op.f('fk_recheck_item_recheck_id_recheck')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_recheck_item_sheet_id_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck_item')),
    sa.UniqueConstraint('recheck_id', 'sheet_id', name=op.f('uq_recheck_item_recheck_id_sheet_id'))
    )
    with op.batch_alter_table('recheck_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_item_recheck_id'), ['recheck_id'], unique=False)

    op.create_table('appeal_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('appeal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_file_appeal_id_appeal')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_appeal_file_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_file'))
    )
    with op.batch_alter_table('appeal_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_file_appeal_id'), ['appeal_id'], unique=False)

    op.create_table('appeal_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('appeal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('level', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('account_name', sa.String(), nullable=False),
    sa.Column('at', contest.db.UTCDateTime(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_step_appeal_id_appeal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_step'))
    )
    with op.batch_alter_table('appeal_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_step_appeal_id'), ['appeal_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('appeal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('effect', sa.Enum('re_mark', 'deduction', 'void', name='correctioneffect', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('effects', sa.JSON(), nullable=False),
    sa.Column('input_digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'applied', 'rejected', name='correctionstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('proposed_at', contest.db.UTCDateTime(), nullable=False),
    sa.Column('proposed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('proposed_name', sa.String(), nullable=False),
    sa.Column('settled_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('settled_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('settled_name', sa.String(), nullable=False),
    sa.Column('settled_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_correction_appeal_id_appeal')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_correction_entry_id_entry')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_correction_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_appeal_id'), ['appeal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_event_id'), ['event_id'], unique=False)



def downgrade():
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_event_id'))
        batch_op.drop_index(batch_op.f('ix_correction_entry_id'))
        batch_op.drop_index(batch_op.f('ix_correction_appeal_id'))

    op.drop_table('correction')
    with op.batch_alter_table('appeal_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_step_appeal_id'))

    op.drop_table('appeal_step')
    with op.batch_alter_table('appeal_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_file_appeal_id'))

    op.drop_table('appeal_file')
    with op.batch_alter_table('recheck_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recheck_item_recheck_id'))

    op.drop_table('recheck_item')
    with op.batch_alter_table('objection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_objection_publication_id'))

    op.drop_table('objection')
    op.drop_table('notice_period')
    with op.batch_alter_table('recheck', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recheck_event_id'))

    op.drop_table('recheck')
    op.drop_table('result_setting')
    # An appeal about a module has no place in the older schema.
    op.execute("DELETE FROM appeal WHERE publication_id IS NULL")
    with op.batch_alter_table("appeal", table_args=(STATES,)) as batch_op:
        batch_op.drop_constraint(op.f("ck_appeal_against_list_or_module"), type_="check")
        batch_op.alter_column("publication_id", existing_type=NUMBER, nullable=False)
        batch_op.drop_column("assigned_name")
        batch_op.drop_column("assigned_to")
        batch_op.drop_column("acknowledged_at")
        batch_op.drop_column("decide_by")
        batch_op.drop_column("level")
        batch_op.drop_column("module_key")
