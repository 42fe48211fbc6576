"""Every column that any test of the core makes is sound: whole numbers, a true bound, nothing behind a missing value."""

import numpy as np
import pytest
from hypothesis import settings

from contest.scoring.columns import Column

# Property tests have no deadline: a busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def assert_sound(column):
    """A column keeps its promises."""
    num, state = column.num, column.state
    assert num.dtype == np.int64 or (num.dtype == object and all(isinstance(one, int) for one in num.ravel()))
    assert isinstance(column.den, int) and column.den >= 1
    assert isinstance(column.bound, int)
    if num.size:
        assert max(abs(int(num.min())), abs(int(num.max()))) <= column.bound
    if state is not None:
        assert (state.dtype, state.shape) == (np.int8, num.shape)
        assert state.min(initial=0) >= 0 and state.max(initial=0) <= 5
        assert not num[state != 0].any()


@pytest.fixture(autouse=True, scope="session")
def every_column_is_sound():
    """Check each column when it is made."""
    plain = Column.__init__

    def checked(self, *args, **kwargs):
        plain(self, *args, **kwargs)
        assert_sound(self)

    Column.__init__ = checked
    yield
    Column.__init__ = plain
