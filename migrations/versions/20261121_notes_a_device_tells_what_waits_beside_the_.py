"""a device tells what waits beside the marks

Revision ID: 20261121_notes
Revises: 20261121_house
Create Date: 2026-11-20 15:29:18.408818

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261121_notes'
down_revision = '20261121_house'
branch_labels = None
depends_on = None


def upgrade():
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("device_report", sa.Column("notes", kind, server_default="0", nullable=False))


def downgrade():
    op.drop_column("device_report", "notes")
