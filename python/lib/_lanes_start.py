"""What every process does first: gives the built-in modules what they lack on WASI, and runs what it was told to.

The host's calls have numbers (www/worker.js).
"""

import _io
import _lanes
import _signal
import _thread
import errno
import posix
import sys
import time

START, NAME, PIPE, DUP, NONBLOCK, SPAWN, REAP, KILL, EXIT = range(1, 10)
PID, PARENT, CORES, FETCH, HANDLES = range(24, 29)
ALONE = 30

_MISSING = "this page is not isolated, so that Python has no threads and no processes here: open it in a tab of its own"


def needs_isolation():
    """Refuses what takes more than one worker where nothing can be shared with another."""
    if _lanes.call(ALONE)[0]:
        raise RuntimeError(_MISSING)


def check(result):
    """The number that a call of the host gave, or the error that it stands for."""
    number = int(result[0])
    if number < 0:
        raise OSError(-number, posix.strerror(-number))
    return number


# ---------------------------------------------------------------------------------------------------- signals

_NAMES = {"SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGABRT": 6, "SIGFPE": 8, "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11,
          "SIGUSR2": 12, "SIGPIPE": 13, "SIGALRM": 14, "SIGTERM": 15, "SIGCHLD": 17}
_TEXTS = {1: "Hangup", 2: "Interrupt", 3: "Quit", 6: "Aborted", 8: "Floating point exception", 9: "Killed",
          10: "User defined signal 1", 11: "Segmentation fault", 12: "User defined signal 2", 13: "Broken pipe",
          14: "Alarm clock", 15: "Terminated", 17: "Child exited"}
_IGNORED_AT_FIRST = {_NAMES["SIGCHLD"], _NAMES["SIGPIPE"]}
_handlers = {2: _signal.default_int_handler}


def _number(signalnum):
    number = signalnum.__index__()
    if not 1 <= number < _signal.NSIG:
        raise ValueError("signal number out of range")
    return number


def signal(signalnum, handler, /):
    """Sets the action for a signal. Only the main thread may."""
    if _lanes.thread_number() != 0:
        raise ValueError("signal only works in main thread of the main interpreter")
    if not callable(handler) and handler not in (_signal.SIG_IGN, _signal.SIG_DFL):
        raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
    number = _number(signalnum)
    if number in (9, 19):
        raise OSError(errno.EINVAL, "Invalid argument")
    before = getsignal(number)
    _handlers[number] = handler
    _lanes.call(HANDLES, number, int(callable(handler) or handler == _signal.SIG_IGN))
    return before


def getsignal(signalnum, /):
    """The action for a signal."""
    return _handlers.get(_number(signalnum), _signal.SIG_DFL)


def raise_signal(signalnum, /):
    """Sends a signal to this process."""
    _lanes.raise_signal(_number(signalnum))
    if _lanes.thread_number() == 0:
        _lanes.check_signals()


def _dispatch(number):
    handler = getsignal(number)
    if _wakeup >= 0:
        try:
            posix.write(_wakeup, bytes([number]))
        except OSError:
            pass
    if callable(handler):
        handler(number, sys._getframe(1))
    elif handler == _signal.SIG_DFL and number not in _IGNORED_AT_FIRST:
        _lanes.call(KILL, posix.getpid(), 9 if number == 2 else number)


def interrupt_main(signum=2, /):
    """As if the signal had come."""
    if callable(getsignal(signum)):
        _lanes.raise_signal(_number(signum))


_wakeup = -1


def set_wakeup_fd(fd, /, *, warn_on_full_buffer=True):
    """Sets a descriptor that gets a byte for each signal."""
    global _wakeup
    before, _wakeup = _wakeup, fd
    return before


def _adopt_signals():
    for name, number in _NAMES.items():
        setattr(_signal, name, number)
    _give(
        _signal,
        signal=signal, getsignal=getsignal, raise_signal=raise_signal, set_wakeup_fd=set_wakeup_fd,
        strsignal=lambda signalnum, /: _TEXTS.get(_number(signalnum)),
        valid_signals=lambda: set(_NAMES.values()),
        siginterrupt=lambda signalnum, flag, /: None,
    )
    _give(_thread, interrupt_main=interrupt_main)
    _lanes.on_signal(_dispatch)


# -------------------------------------------------------------------------------------------------- processes

def pipe():
    """Two descriptors: what is written to the second can be read from the first."""
    first = check(_lanes.call(PIPE))
    return first, first + 1


def dup(fd, /):
    """The same descriptor, held once more."""
    return check(_lanes.call(DUP, fd))


def kill(pid, signal, /):
    """Sends a signal to a process of this run."""
    signal = int(signal)
    if pid == posix.getpid() and (signal == 2 or callable(getsignal(signal) if signal else None)):
        raise_signal(signal)
    else:
        check(_lanes.call(KILL, pid, signal))


def waitpid(pid, options, /):
    """Waits for the end of a child, or looks whether it has come (WNOHANG)."""
    number, code = _lanes.call(REAP, max(pid, 0), int(not options & posix.WNOHANG))
    if not check((number, code)):
        return 0, 0
    code = int.from_bytes(code, "little", signed=True)
    return int(number), -code if code < 0 else code << 8


def waitstatus_to_exitcode(status):
    """The exit code in what waitpid gave: a negative one is a signal."""
    return -(status & 127) if status & 127 else status >> 8


def cpu_count():
    """How many processors the browser reports."""
    return int(_lanes.call(CORES)[0])


def _give(module, **functions):
    """Puts functions into a built-in module as its own, so that pickle finds them there."""
    for name, function in functions.items():
        function.__module__, function.__name__, function.__qualname__ = module.__name__, name, name
        setattr(module, name, function)


def _adopt_posix():
    posix.WNOHANG = 1
    _give(
        posix,
        _exit=lambda status: _lanes.call(EXIT, status),
        getpid=lambda: int(_lanes.call(PID)[0]),
        getppid=lambda: int(_lanes.call(PARENT)[0]),
        set_blocking=lambda fd, blocking, /: check(_lanes.call(NONBLOCK, fd, int(not blocking))) and None,
        set_inheritable=lambda fd, inheritable, /: None,
        get_inheritable=lambda fd, /: False,
        WIFEXITED=lambda status: not status & 127,
        WIFSIGNALED=lambda status: bool(status & 127),
        WEXITSTATUS=lambda status: status >> 8,
        WTERMSIG=lambda status: status & 127,
        **{name: lambda: 1000 for name in ("getuid", "geteuid", "getgid", "getegid")},
        access=lambda path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True: _exists(path),
        pipe=pipe, dup=dup, kill=kill, waitpid=waitpid, waitstatus_to_exitcode=waitstatus_to_exitcode, cpu_count=cpu_count,
    )


def _exists(path):
    try:
        posix.stat(path)
    except OSError:
        return False
    return True


# ---------------------------------------------------------------------------------------------------- threads

_start_joinable_thread = _thread.start_joinable_thread
_start_new_thread = _thread.start_new_thread


def start_joinable_thread(function, handle=None, daemon=True):
    """Starts a thread; before the first one, what modules hold is no longer counted if there is no GIL."""
    needs_isolation()
    if not _lanes.gil_enabled():
        _lanes.immortalize()
    return _start_joinable_thread(function, handle=handle, daemon=daemon)


def start_new_thread(function, args, kwargs={}, /):
    """As start_joinable_thread, for a thread that nobody waits for."""
    needs_isolation()
    if not _lanes.gil_enabled():
        _lanes.immortalize()
    return _start_new_thread(function, args, kwargs)


def set_name(name):
    """Gives this thread a name that the record knows."""
    _lanes.call(NAME, 0, 0, name.encode("utf-8", "replace"))


def _adopt_threads():
    time.sleep = _lanes.sleep
    setswitchinterval = sys.setswitchinterval
    sys.setswitchinterval = lambda interval, /: setswitchinterval(float(interval))
    sys._is_gil_enabled = _lanes.gil_enabled
    _thread.start_joinable_thread = start_joinable_thread
    _thread.start_new_thread = _thread.start_new = start_new_thread
    _thread.set_name = set_name


# ----------------------------------------------------------------------------------------------------- output

def _adopt_output():
    """What is written goes out at once, so that it is known who wrote it, and when."""
    for fd, name in (1, "stdout"), (2, "stderr"):
        raw = _io.FileIO(fd, "w", closefd=False)
        raw.name = f"<{name}>"
        new = _io.TextIOWrapper(raw, "utf-8", "backslashreplace", "\n", write_through=True)
        new.mode = "w"
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


_adopt_output()
_adopt_signals()
_adopt_posix()
_adopt_threads()
sys.executable = sys._base_executable = "/bin/python"
posix.chdir("/home")


def run(arguments):
    """Runs `[file, ...]` or `["-c", code, ...]`, as `python` does."""
    main = sys.modules.get("__main__") or type(sys)("__main__")
    sys.modules["__main__"] = main
    if arguments[0] == "-c":
        code = compile(arguments[1], "<string>", "exec", dont_inherit=True)
        sys.argv = ["-c", *arguments[2:]]
        sys.path.insert(0, "")
    else:
        path = main.__file__ = arguments[0]
        with open(path, "rb") as file:
            code = file.read()
        sys.argv = list(arguments)
        sys.path.insert(0, path.rpartition("/")[0])
        code = compile(code, path, "exec", dont_inherit=True)
    main.__spec__ = None
    exec(code, main.__dict__)
