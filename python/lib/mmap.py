"""Memory that processes share. A map is a bytearray that the engine keeps equal in all of them: whenever a thread waits,
or begins or stops to run (src/shared.rs)."""

import os

import _lanes
from _lanes_start import check

SEGMENT, SEGMENT_SIZE = 15, 16

PAGESIZE = ALLOCATIONGRANULARITY = 4096
ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
MAP_SHARED, MAP_PRIVATE, MAP_ANON = 1, 2, 32
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
error = OSError


def attach(inode, size):
    """The map of a file that another process has mapped."""
    self = bytearray.__new__(mmap)
    bytearray.__init__(self, size)
    self._fd, self._position = -1, 0
    _lanes.share(check(_lanes.call(SEGMENT, size, 0, b"%d" % inode)), self)
    return self


class mmap(bytearray):
    """mmap(fileno, length): the first bytes of a file, or zeros if fileno is -1."""

    def __new__(cls, fileno, length, flags=MAP_SHARED, prot=3, access=ACCESS_DEFAULT, offset=0):
        return bytearray.__new__(cls)

    def __init__(self, fileno, length, flags=MAP_SHARED, prot=3, access=ACCESS_DEFAULT, offset=0):
        if length < 0:
            raise OverflowError("memory mapped length must be positive")
        self._fd, self._position = fileno, 0
        if fileno == -1:
            bytearray.__init__(self, length)
            return
        there = os.fstat(fileno)
        length = length or there.st_size
        if not length:
            raise ValueError("cannot mmap an empty file")
        bytearray.__init__(self, length)
        try:
            segment = check(_lanes.call(SEGMENT, length, 1, b"%d" % there.st_ino))
        except FileExistsError:
            _lanes.share(check(_lanes.call(SEGMENT, length, 0, b"%d" % there.st_ino)), self)
            return
        _lanes.share(segment, self)
        at = os.lseek(fileno, 0, os.SEEK_CUR)
        os.lseek(fileno, offset, os.SEEK_SET)
        content = os.read(fileno, length)
        os.lseek(fileno, at, os.SEEK_SET)
        self[:len(content)] = content

    closed = False

    def close(self):
        """Shares no more."""
        if not self.closed:
            _lanes.unshare(self)
            self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def size(self):
        """Its length."""
        return len(self)

    def flush(self, offset=0, size=-1):
        """Nothing stands behind it."""

    def tell(self):
        """Where read goes on."""
        return self._position

    def seek(self, position, whence=0):
        """Sets where read goes on."""
        self._position = position + (0, self._position, len(self))[whence]

    def read(self, n=-1):
        """The next bytes."""
        end = len(self) if n is None or n < 0 else self._position + n
        data = bytes(self[self._position:end])
        self._position += len(data)
        return data

    def write(self, data):
        """Overwrites the next bytes."""
        if self._position + len(data) > len(self):
            raise ValueError("data out of range")
        self[self._position:self._position + len(data)] = data
        self._position += len(data)
        return len(data)
