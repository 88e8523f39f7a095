"""Semaphores that all processes of a run share."""

import _lanes
import _thread
from _lanes_start import check

NEW, ACQUIRE, RELEASE, VALUE, END = range(10, 15)
RECURSIVE_MUTEX, SEMAPHORE = 0, 1
flags = {"HAVE_SEM_OPEN": 1, "HAVE_SEM_TIMEDWAIT": 1}


class SemLock:
    """A semaphore, or a lock that its owner may take again. `handle` is its number in the whole run."""

    SEM_VALUE_MAX = 2**31 - 2

    def __init__(self, kind, value, maxvalue, name, unlink):
        if kind not in (RECURSIVE_MUTEX, SEMAPHORE):
            raise ValueError("unrecognized kind")
        self._set(check(_lanes.call(NEW, value, maxvalue)), kind, maxvalue, None)

    def _set(self, handle, kind, maxvalue, name):
        self.handle, self.kind, self.maxvalue, self.name = handle, kind, maxvalue, name
        self._taken = 0
        self._owner = None

    @classmethod
    def _rebuild(cls, handle, kind, maxvalue, name):
        self = cls.__new__(cls)
        self._set(handle, kind, maxvalue, name)
        return self

    def acquire(self, block=True, timeout=None):
        """Takes it; says whether it could."""
        me = _thread.get_ident()
        if self.kind == RECURSIVE_MUTEX and self._is_mine():
            self._taken += 1
            return True
        seconds = 0.0 if not block else -1.0 if timeout is None else max(float(timeout), 0.0)
        if not check(_lanes.call(ACQUIRE, self.handle, 0, b"", seconds)):
            return False
        self._owner = me
        self._taken += 1
        return True

    __enter__ = acquire

    def release(self):
        """Lets it go."""
        if self.kind == RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._taken > 1:
                self._taken -= 1
                return
            self._owner = None
        self._taken -= 1
        if _lanes.call(RELEASE, self.handle, self.maxvalue)[0] < 0:
            self._taken += 1
            raise ValueError("semaphore or lock released too many times")

    def __exit__(self, *_):
        self.release()

    def _count(self):
        return self._taken

    def _is_mine(self):
        return self._taken > 0 and self._owner == _thread.get_ident()

    def _get_value(self):
        return check(_lanes.call(VALUE, self.handle))

    def _is_zero(self):
        return self._get_value() == 0

    def _after_fork(self):
        pass


def sem_unlink(name):
    """Names are not kept: a semaphore ends with its run."""
