"""What judges record beside the marks.

Revision ID: 20261120_sheet_a
Revises: 20261120_appeals
Create Date: 2026-11-20 11:08:56.032797

"""
from alembic import op
import sqlalchemy as sa

import contest.db


# revision identifiers, used by Alembic.
revision = '20261120_sheet_a'
down_revision = '20261120_appeals'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('problem',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('equipment', 'material', 'time', 'safety', 'dispute', 'other', name='problemkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('raised_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('recorded_at', contest.db.UTCDateTime(), nullable=False),
    sa.Column('answered_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('answered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_problem_event_id_event')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_problem_sheet_id_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem')),
    sa.UniqueConstraint('uuid', name=op.f('uq_problem_uuid'))
    )
    op.create_index(op.f('ix_problem_event_id'), 'problem', ['event_id'], unique=False)
    op.create_index(op.f('ix_problem_sheet_id'), 'problem', ['sheet_id'], unique=False)

    op.create_table('sheet_comment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('aspect_key', sa.String(length=80), nullable=False),
    sa.Column('attempt', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('typed_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('recorded_at', contest.db.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_sheet_comment_sheet_id_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_comment')),
    sa.UniqueConstraint('uuid', name=op.f('uq_sheet_comment_uuid'))
    )
    op.create_index(op.f('ix_sheet_comment_sheet_id'), 'sheet_comment', ['sheet_id'], unique=False)

    op.create_table('sheet_photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('aspect_key', sa.String(length=80), nullable=False),
    sa.Column('attempt', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('evidence', 'signed_paper', name='photokind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('taken_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('recorded_at', contest.db.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_sheet_photo_file_id_stored_file')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_sheet_photo_sheet_id_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_photo')),
    sa.UniqueConstraint('uuid', name=op.f('uq_sheet_photo_uuid'))
    )
    op.create_index(op.f('ix_sheet_photo_sheet_id'), 'sheet_photo', ['sheet_id'], unique=False)

    op.create_table('timing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('aspect_key', sa.String(length=80), nullable=False),
    sa.Column('attempt', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('start', 'stop', 'extra', 'reset', name='timingkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('cause', sa.Enum('finished', 'equipment', 'material', 'venue', 'judging', 'own_fault', 'time_up', 'other', name='timingcause', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('seconds', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('happened_at', contest.db.UTCDateTime(), nullable=True),
    sa.Column('recorded_at', contest.db.UTCDateTime(), nullable=False),
    sa.CheckConstraint('seconds >= 0', name=op.f('ck_timing_seconds_not_negative')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_timing_sheet_id_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timing')),
    sa.UniqueConstraint('uuid', name=op.f('uq_timing_uuid'))
    )
    op.create_index(op.f('ix_timing_sheet_id'), 'timing', ['sheet_id'], unique=False)

    op.add_column('sheet_signature', sa.Column('void_reason', sa.String(), server_default='', nullable=False))
    op.add_column('sheet_signature', sa.Column('uuid', sa.Uuid(), nullable=True))
    op.add_column('sheet_signature', sa.Column('drawing', sa.String(), server_default='', nullable=False))
    op.add_column('sheet_signature', sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.add_column('sheet_signature', sa.Column('device', sa.String(), server_default='', nullable=False))
    op.add_column('sheet_signature', sa.Column('drawn_at', contest.db.UTCDateTime(), nullable=True))
    op.create_index('uq_sheet_signature_uuid', 'sheet_signature', ['uuid'], unique=True)



def downgrade():
    op.drop_index('uq_sheet_signature_uuid', table_name='sheet_signature')
    op.drop_column('sheet_signature', 'drawn_at')
    op.drop_column('sheet_signature', 'device')
    op.drop_column('sheet_signature', 'account_id')
    op.drop_column('sheet_signature', 'drawing')
    op.drop_column('sheet_signature', 'uuid')
    op.drop_column('sheet_signature', 'void_reason')

    op.drop_index(op.f('ix_timing_sheet_id'), table_name='timing')

    op.drop_table('timing')
    op.drop_index(op.f('ix_sheet_photo_sheet_id'), table_name='sheet_photo')

    op.drop_table('sheet_photo')
    op.drop_index(op.f('ix_sheet_comment_sheet_id'), table_name='sheet_comment')

    op.drop_table('sheet_comment')
    op.drop_index(op.f('ix_problem_sheet_id'), table_name='problem')
    op.drop_index(op.f('ix_problem_event_id'), table_name='problem')

    op.drop_table('problem')
