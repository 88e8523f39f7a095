"""Starts a process of this run: another interpreter in a worker, with the descriptors that it is to have."""

import json

import _lanes
from _lanes_start import SPAWN, check, needs_isolation


def fork_exec(args, executables, close_fds, fds_to_keep, *_):
    """As CPython's, of which multiprocessing uses this much. There is no program but Python."""
    needs_isolation()
    args = [arg.decode() if isinstance(arg, bytes) else str(arg) for arg in args]
    while len(args) > 1 and args[1].startswith("-") and args[1] != "-c":
        del args[1]
    message = json.dumps({"args": args[1:], "fds": [fd for fd in fds_to_keep if fd >= 1000]})
    return check(_lanes.call(SPAWN, 0, 0, message.encode()))
