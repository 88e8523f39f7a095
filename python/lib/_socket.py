"""Sockets between the threads and processes of a run. There is no network behind them: that is urllib.request's."""

import errno
import os
import select

import _lanes
from _lanes_start import NONBLOCK, PIPE, check

LISTEN, UNLISTEN, CONNECT, ADOPT = range(20, 24)

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM = 1, 2
SOL_SOCKET, SO_REUSEADDR, SO_ERROR, SO_BROADCAST, SO_KEEPALIVE = 1, 2, 4, 6, 9
IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IP, TCP_NODELAY = 6, 17, 0, 1
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
SOMAXCONN = 128
AI_PASSIVE, AI_CANONNAME, AI_NUMERICHOST, AI_ADDRCONFIG = 1, 2, 4, 32
NI_NUMERICHOST, NI_NUMERICSERV = 1, 2
EAI_NONAME, EAI_FAMILY, EAI_SERVICE = -2, -6, -8
MSG_PEEK, MSG_DONTWAIT = 2, 64
INADDR_ANY, INADDR_LOOPBACK = 0, 0x7F000001
has_ipv6 = False
CAPI = None

error = OSError
timeout = TimeoutError


class herror(OSError):
    """An error of an address."""


class gaierror(OSError):
    """A name that leads nowhere."""


_default_timeout = None
_next_port = 49152


def getdefaulttimeout():
    """The timeout of new sockets."""
    return _default_timeout


def setdefaulttimeout(timeout):
    """Sets the timeout of new sockets."""
    global _default_timeout
    _default_timeout = timeout


def _is_local(host):
    return host in ("", "localhost", "0.0.0.0") or host.startswith("127.")


class socket:
    """One end of a stream, or a place where others connect."""

    __slots__ = ("_family", "_type", "_proto", "_fd", "_other", "_address", "_peer", "_name", "_bound", "_timeout", "_gone")

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        self._family = AF_INET if family == -1 else int(family)
        self._type = SOCK_STREAM if type == -1 else int(type)
        self._proto = 0 if proto == -1 else int(proto)
        if fileno is None and (self._family not in (AF_UNIX, AF_INET) or self._type != SOCK_STREAM):
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        self._fd = -1 if fileno is None else fileno
        self._other = self._address = self._peer = self._name = None
        self._timeout = _default_timeout
        self._gone = False

    family = property(lambda self: self._family)
    type = property(lambda self: self._type)
    proto = property(lambda self: self._proto)

    def fileno(self):
        """The descriptor; a new one for a socket that is not connected."""
        if self._fd == -1 and self._address is None and not self._gone:
            self._fd = check(_lanes.call(PIPE))
            self._other = self._fd + 1
        return self._fd

    def detach(self):
        """Gives the descriptor away."""
        fd, self._fd, self._gone = self._fd, -1, True
        return fd

    def close(self):
        """Lets it go."""
        if self._name is not None:
            _lanes.call(UNLISTEN, 0, 0, self._name)
            self._name = None
        other, self._other = self._other, None
        fd = self.detach()
        for each in (fd, other):
            if each not in (-1, None):
                os.close(each)

    def __del__(self):
        try:
            self.close()
        except (OSError, AttributeError, TypeError):
            pass

    def settimeout(self, timeout):
        """None waits for ever, 0 not at all."""
        if timeout is not None and timeout < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = None if timeout is None else float(timeout)
        if self._fd >= 0:
            check(_lanes.call(NONBLOCK, self._fd, int(timeout == 0)))

    def gettimeout(self):
        """The timeout."""
        return self._timeout

    timeout = property(gettimeout)

    def setblocking(self, blocking):
        """Waits for ever or not at all."""
        self.settimeout(None if blocking else 0.0)

    def getblocking(self):
        """Whether it waits."""
        return self._timeout != 0

    def _wait(self, write=False):
        if self._timeout:
            ends = [self._fd]
            if not any(select.select([] if write else ends, ends if write else [], [], self._timeout)[:2]):
                raise TimeoutError("timed out")

    def recv(self, bufsize, flags=0):
        """Up to so many bytes; none at the end."""
        self._wait()
        return os.read(self._fd, bufsize)

    def recv_into(self, buffer, nbytes=0, flags=0):
        """As recv, into a buffer."""
        with memoryview(buffer).cast("B") as view:
            data = self.recv(nbytes or len(view))
            view[:len(data)] = data
            return len(data)

    def send(self, data, flags=0):
        """Writes what there is room for."""
        self._wait(write=True)
        try:
            return os.write(self._fd, bytes(data))
        except OSError as failure:
            if failure.errno == errno.EPIPE:
                raise BrokenPipeError(errno.EPIPE, "Broken pipe") from None
            raise

    def sendall(self, data, flags=0):
        """Writes all of it."""
        data = memoryview(bytes(data))
        while data:
            data = data[self.send(data):]

    def _name_of(self, address):
        if self._family == AF_UNIX:
            return b"unix:" + os.fsencode(address)
        host, port = address[:2]
        if not _is_local(host):
            raise OSError(errno.ENETUNREACH, "Network is unreachable: use urllib.request")
        return b"inet:%d" % port

    def bind(self, address):
        """Takes an address of this run."""
        global _next_port
        if self._family == AF_INET and address[1] == 0:
            _next_port += 1
            address = (address[0] or "0.0.0.0", _next_port + os.getpid() % 1000 * 8)
        self._bound, self._address = self._name_of(address), address

    def listen(self, backlog=SOMAXCONN):
        """Lets others connect."""
        if self._address is None:
            self.bind(("", 0))
        if self._fd == -1:
            self._fd = check(_lanes.call(PIPE))
            self._other = self._fd + 1
        if _lanes.call(LISTEN, self._other, 0, self._bound)[0] < 0:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        self._name = self._bound
        self.settimeout(self._timeout)

    def _accept(self):
        while True:
            self._wait()
            data = b""
            while len(data) < 8:
                more = os.read(self._fd, 8 - len(data))
                if not more:
                    raise OSError(errno.EBADF, "Bad file descriptor")
                data += more
            fd, owner = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:], "little")
            if _lanes.call(ADOPT, fd, owner)[0] >= 0:
                return fd, "" if self._family == AF_UNIX else ("127.0.0.1", 0)

    def connect(self, address):
        """Connects to one who listens in this run."""
        number = _lanes.call(CONNECT, 0, 0, self._name_of(address))[0]
        if number < 0:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        for each in (self._fd, self._other):
            if each not in (-1, None):
                os.close(each)
        self._fd, self._other, self._peer = int(number), None, address
        self.settimeout(self._timeout)

    def connect_ex(self, address):
        """As connect, with the error's number."""
        try:
            self.connect(address)
        except OSError as failure:
            return failure.errno
        return 0

    def shutdown(self, how):
        """Ends one or both directions: here, both when writing ends."""

    def getsockname(self):
        """Its own address."""
        return self._address or ("" if self._family == AF_UNIX else ("127.0.0.1", 0))

    def getpeername(self):
        """The other's address."""
        return self._peer or ("" if self._family == AF_UNIX else ("127.0.0.1", 0))

    def setsockopt(self, *_):
        """There is nothing to set."""

    def getsockopt(self, level, option, buflen=0):
        """Nothing is wrong."""
        return 0


SocketType = socket


def socketpair(family=AF_UNIX, type=SOCK_STREAM, proto=0):
    """Two sockets that are connected."""
    first = check(_lanes.call(PIPE))
    return socket(family, type, proto, first), socket(family, type, proto, first + 1)


def dup(fd):
    """The same descriptor, held once more."""
    return os.dup(fd)


def close(fd):
    """Closes a descriptor."""
    os.close(fd)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """Knows this machine alone."""
    host = host.decode() if isinstance(host, bytes) else host or ""
    if not _is_local(host):
        raise gaierror(EAI_NONAME, "Name or service not known")
    try:
        number = int(port or 0)
    except ValueError:
        raise gaierror(EAI_SERVICE, "Servname not supported for ai_socktype") from None
    return [(AF_INET, SOCK_STREAM, IPPROTO_TCP, "", ("127.0.0.1", number))]


def getnameinfo(sockaddr, flags):
    """Knows this machine alone."""
    return "localhost", str(sockaddr[1])


def gethostname():
    """This machine's name."""
    return "localhost"


def gethostbyname(host):
    """Knows this machine alone."""
    return getaddrinfo(host, 0)[0][4][0]


def inet_aton(text):
    """Four bytes."""
    parts = [int(part) for part in text.split(".")]
    if len(parts) != 4 or not all(0 <= part < 256 for part in parts):
        raise OSError("illegal IP address string passed to inet_aton")
    return bytes(parts)


def inet_ntoa(packed):
    """Four bytes as text."""
    return ".".join(map(str, packed))


def inet_pton(family, text):
    """Four bytes."""
    if family != AF_INET:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
    return inet_aton(text)


def inet_ntop(family, packed):
    """Four bytes as text."""
    return inet_ntoa(packed)


def htons(number):
    """To the network's order."""
    return int.from_bytes(number.to_bytes(2, "little"), "big")


ntohs = htons


def htonl(number):
    """To the network's order."""
    return int.from_bytes(number.to_bytes(4, "little"), "big")


ntohl = htonl
