"""As much of ctypes as multiprocessing's Value and Array need: C's numbers and arrays of them, in a buffer."""

import struct as _struct


def sizeof(what):
    """How many bytes a type or an object has."""
    return what._size_


def addressof(what):
    """Stands for where it is: the object itself, for `memset`."""
    return what


def memset(what, byte, count):
    """Fills an object."""
    what._buffer[:count] = bytes([byte]) * count


class _Meta(type):
    def __mul__(cls, length):
        return _array_type(cls, length)

    __rmul__ = __mul__

    def from_buffer(cls, buffer, offset=0):
        """An object that stands in `buffer`, which must be writable."""
        self = cls.__new__(cls)
        self._buffer = memoryview(buffer).cast("B")[offset:offset + cls._size_]
        return self


class _SimpleCData(metaclass=_Meta):
    """A number."""

    _size_ = 0

    def __init__(self, value=None):
        if not hasattr(self, "_buffer"):
            self._buffer = memoryview(bytearray(self._size_))
        if value is not None:
            self.value = value

    @property
    def value(self):
        """The number."""
        return _struct.unpack(self._format_, self._buffer)[0]

    @value.setter
    def value(self, value):
        self._buffer[:] = self._pack(value)

    @classmethod
    def _pack(cls, value):
        if cls._bits_:
            if not hasattr(value, "__index__"):
                raise TypeError(f"an integer is required, not {type(value).__name__}")
            value = value.__index__() & (1 << cls._bits_) - 1
            if cls._format_[-1].islower() and value >> cls._bits_ - 1:
                value -= 1 << cls._bits_
        return _struct.pack(cls._format_, value)

    def __repr__(self):
        return f"{type(self).__name__}({self.value!r})"


def _number(name, format, integer=True):
    size = _struct.calcsize(format)
    return _Meta(name, (_SimpleCData,), {"_format_": format, "_size_": size, "_type_": format[-1], "_bits_": 8 * size * integer, "__module__": "ctypes"})


c_byte, c_ubyte = _number("c_byte", "=b"), _number("c_ubyte", "=B")
c_short, c_ushort = _number("c_short", "=h"), _number("c_ushort", "=H")
c_int, c_uint = _number("c_int", "=i"), _number("c_uint", "=I")
c_longlong, c_ulonglong = _number("c_longlong", "=q"), _number("c_ulonglong", "=Q")
# As on Linux and macOS.
c_long, c_ulong = _number("c_long", "=q"), _number("c_ulong", "=Q")
c_float, c_double = _number("c_float", "=f", False), _number("c_double", "=d", False)
c_bool = _number("c_bool", "=?", False)
c_char = _number("c_char", "=c", False)
c_int8, c_int16, c_int32, c_int64 = c_byte, c_short, c_int, c_longlong
c_uint8, c_uint16, c_uint32, c_uint64 = c_ubyte, c_ushort, c_uint, c_ulonglong
c_size_t, c_ssize_t = c_ulong, c_long


class c_wchar(_SimpleCData):
    """A character."""

    _format_, _size_, _type_, _bits_ = "=I", 4, "u", 0

    @property
    def value(self):
        """The character."""
        return chr(_struct.unpack("=I", self._buffer)[0])

    @value.setter
    def value(self, value):
        self._buffer[:] = self._pack(value)

    @classmethod
    def _pack(cls, value):
        return _struct.pack("=I", ord(value))


class Array(metaclass=_Meta):
    """So many numbers."""

    def __init__(self, *values):
        if not hasattr(self, "_buffer"):
            self._buffer = memoryview(bytearray(self._size_))
        for i, value in enumerate(values):
            self[i] = value

    def _at(self, i):
        size = self._type_._size_
        return self._type_.from_buffer(self._buffer[i * size:(i + 1) * size])

    def _index(self, i):
        i = i.__index__()
        if not -self._length_ <= i < self._length_:
            raise IndexError("invalid index")
        return i % self._length_

    def __len__(self):
        return self._length_

    def __getitem__(self, i):
        if isinstance(i, slice):
            items = [self._at(at).value for at in range(*i.indices(self._length_))]
            return b"".join(items) if self._type_ is c_char else "".join(items) if self._type_ is c_wchar else items
        return self._at(self._index(i)).value

    def __setitem__(self, i, value):
        if isinstance(i, slice):
            places = range(*i.indices(self._length_))
            if len(places) != len(value):
                raise ValueError("Can only assign sequence of same size")
            for at, item in zip(places, value):
                self._at(at).value = bytes([item]) if self._type_ is c_char and isinstance(item, int) else item
        else:
            self._at(self._index(i)).value = value

    def __iter__(self):
        return (self[i] for i in range(self._length_))


class _CharArray(Array):
    @property
    def raw(self):
        """All its bytes."""
        return bytes(self._buffer)

    @raw.setter
    def raw(self, value):
        self._buffer[:len(value)] = value

    @property
    def value(self):
        """Its bytes before the first zero."""
        return bytes(self._buffer).partition(b"\0")[0]

    @value.setter
    def value(self, value):
        if len(value) > self._length_:
            raise ValueError("byte string too long")
        value = bytes(value) + b"\0" * (len(value) < self._length_)
        self._buffer[:len(value)] = value


_array_types = {}


def _array_type(kind, length):
    key = kind, length
    if key not in _array_types:
        base = _CharArray if kind is c_char else Array
        body = {"_type_": kind, "_length_": length, "_size_": kind._size_ * length, "__module__": "ctypes"}
        _array_types[key] = _Meta(f"{kind.__name__}_Array_{length}", (base,), body)
    return _array_types[key]


class Structure:
    """Only its name is here."""


class Union:
    """Only its name is here."""


def pointer(what):
    """A pointer, of which `[0]` may be assigned."""
    return _Pointer(what)


class _Pointer:
    def __init__(self, what):
        self._what = what

    @property
    def contents(self):
        """What it leads to."""
        return self._what

    def __setitem__(self, i, value):
        self._what._buffer[:] = value._buffer
