"""Runs a module's work(task) over its TASKS in lanes, as the owner of the run asks (src/browser/worker/python.rs).

The module is /home/script.py. What came of it is told in postcard's form, as all messages of Lanes (src/protocol.rs):
the numbers below are those of the variants there. All times are of the one clock of the run.
"""

import pickle
import struct
import sys
import threading
from collections.abc import Sequence
from itertools import islice
from time import time

import _lanes

# Calls of the host (www/worker.js): the next command for what came of the last one; and a lane tells how much it has done.
JOB, TELL = 40, 41

STARTED, PREPARED, REFUSED, DONE = range(4)
NOT_IMPORTED, NO_WORK, NO_TASKS, NO_SEQUENCE, EMPTY, NO_COROUTINE, PROCESS_ENDED = range(7)
RAISED, NOT_PICKLED = 8, 9
SPAWN, COPY_IN, COMPUTE, _WAIT_GIL, COPY_OUT = range(5)

PROGRAM = "script.py"
# Computing shorter than this is joined with the computing before it (src/job/log.rs).
FINEST = 200e-6
# A lane tells how much it has done no more often than this.
TELL_EVERY = 0.05
LONGEST_TRACE = 2000
# Tasks that are sent to a process which is busy: half of what a pipe holds, so that nobody waits for the other to read.
AHEAD = 32768
# As inspect has it, which takes long to import.
CO_COROUTINE = 128


class Refused(Exception):
    """The program cannot be run."""

    def __init__(self, why, rest=b""):
        self.told = number(REFUSED) + number(why) + rest


# -------------------------------------------------------------------------------------------------- postcard's form

def number(n):
    """A whole number that is not negative, in seven bits a byte."""
    told = bytearray()
    while n > 127:
        told.append(n & 127 | 128)
        n >>= 7
    told.append(n)
    return bytes(told)


def text(string):
    """A text with its length in front."""
    data = string.encode("utf-8", "replace")
    return number(len(data)) + data


def moment(seconds):
    """A time in microseconds."""
    return struct.pack("<d", seconds * 1e6)


def many(items):
    """Several of something with their number in front."""
    items = list(items)
    return number(len(items)) + b"".join(items)


# ------------------------------------------------------------------------------------------------------ the program

class Program:
    """The reader's module."""

    def __init__(self):
        try:
            import script
        except BaseException as error:
            raise Refused(NOT_IMPORTED, text(in_a_line(error)))
        if not callable(getattr(script, "work", None)):
            raise Refused(NO_WORK)
        if not hasattr(script, "TASKS"):
            raise Refused(NO_TASKS)
        if not isinstance(script.TASKS, Sequence):
            raise Refused(NO_SEQUENCE, text(type(script.TASKS).__name__))
        if len(script.TASKS) == 0:
            raise Refused(EMPTY)
        self.tasks, self.work = script.TASKS, script.work
        code = getattr(script.work, "__code__", None)
        self.is_coroutine = bool(code and code.co_flags & CO_COROUTINE)
        if self.is_coroutine:
            import asyncio
            self.work = lambda task: asyncio.run(script.work(task))
            self.begin = script.work

    def task(self, place):
        """The task at that place among those of all copies."""
        return self.tasks[place % len(self.tasks)]


def in_a_line(error):
    """An exception in one line, with the line of the program."""
    import traceback
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} (line {error.lineno})"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith(PROGRAM)]
    where = f" (line {lines[-1]})" if lines else ""
    return f"{type(error).__name__}: {error}{where}"


def trace(error):
    """The traceback of a task, from the program's own lines on."""
    import traceback
    first = error.__traceback__
    while first.tb_next and not first.tb_frame.f_code.co_filename.endswith(PROGRAM):
        first = first.tb_next
    return "".join(traceback.format_exception(type(error), error, first))[-LONGEST_TRACE:]


# -------------------------------------------------------------------------------------------------------- the lanes

class Places:
    """The places of the tasks that no lane has taken yet."""

    def __init__(self, total, chunk):
        self.left, self.chunk, self.lock = iter(range(total)), max(chunk, 1), threading.Lock()

    def take(self):
        """The next ones; none when all are taken."""
        with self.lock:
            return list(islice(self.left, self.chunk))

    def __iter__(self):
        while taken := self.take():
            yield from taken


class Lane:
    """What a lane did when, and what came of its tasks: place, arrival, result, and why it failed or None."""

    def __init__(self, number):
        self.number, self.segments, self.outcomes = number, [], []
        self.done, self.told_at = 0, 0.0
        # That of a process is told of by the process itself.
        if number is not None:
            self.tell()

    def tell(self):
        """Tells the owner how much was done since it was told last."""
        _lanes.call(TELL, self.number, self.done)
        self.done, self.told_at = 0, time()

    def note(self, activity, begin, end):
        """The lane did this from `begin` to `end`."""
        last = self.segments[-1] if self.segments else None
        if last and last[0] == activity and end - last[1] < FINEST:
            last[2] = end
        else:
            self.segments.append([activity, begin, end])

    def ended(self, place, end, result, failure):
        """A task came to its end."""
        self.outcomes.append((place, end, result, failure))
        self.done += 1
        if end - self.told_at > TELL_EVERY:
            self.tell()

    def do(self, program, place, task):
        """Does one task."""
        result = failure = None
        begin = time()
        try:
            result = program.work(task)
        except BaseException as error:
            failure = RAISED, trace(error)
        end = time()
        self.note(COMPUTE, begin, end)
        self.ended(place, end, result, failure)

    async def do_by_steps(self, program, place, task):
        """The same for a coroutine, which lets others run while it waits."""
        result = failure = None
        try:
            result = await Steps(self, program.begin(task))
        except BaseException as error:
            failure = RAISED, trace(error)
        self.ended(place, time(), result, failure)

    def packed(self):
        """All of it, as it is told to the owner."""
        segments = many(number(activity) + moment(begin) + moment(end) for activity, begin, end in self.segments)
        return segments + many(packed(*outcome) for outcome in self.outcomes)


class Steps:
    """A coroutine of which a lane notes when it runs."""

    def __init__(self, lane, coroutine):
        self.lane, self.coroutine = lane, coroutine

    def __await__(self):
        go_on, answer = self.coroutine.send, None
        while True:
            begin = time()
            try:
                waits_for = go_on(answer)
            except StopIteration as end:
                return end.value
            finally:
                self.lane.note(COMPUTE, begin, time())
            try:
                go_on, answer = self.coroutine.send, (yield waits_for)
            except BaseException as error:
                go_on, answer = self.coroutine.throw, error


def packed(place, end, result, failure):
    """What came of a task: a digest of what its result looks like, or why it failed."""
    import hashlib
    if failure is None:
        try:
            looks = repr(result).encode("utf-8", "backslashreplace")
        except Exception as error:
            failure = RAISED, trace(error)
    told = number(place) + moment(end)
    if failure is None:
        return told + number(0) + number(int.from_bytes(hashlib.blake2b(looks, digest_size=8).digest(), "little"))
    kind, why = failure
    return told + number(1) + number(kind) + text(why)


# Each of these makes lanes ready and gives back what runs so many tasks in them: their logs, and the seconds that their
# owner took to copy in and out.

def serial(program, lanes, is_cold):
    """The plain loop."""
    lane = Lane(0)

    def run(total, chunk):
        for place in range(total):
            lane.do(program, place, program.task(place))
        return [lane], 0.0, 0.0

    return run


def threads(program, lanes, is_cold):
    """Threads, each of which takes the next tasks when it has done its own."""
    ready, begin, places, all_lanes = threading.Barrier(lanes + 1), threading.Event(), [], [None] * lanes

    def take_tasks(number):
        lane = all_lanes[number] = Lane(number)
        ready.wait()
        begin.wait()
        for place in places[0]:
            lane.do(program, place, program.task(place))

    started = [threading.Thread(target=take_tasks, args=(n,), name=f"lane {n}", daemon=True) for n in range(lanes)]
    for thread in started:
        thread.start()
    ready.wait()

    def run(total, chunk):
        places.append(Places(total, chunk))
        begin.set()
        for thread in started:
            thread.join()
        return all_lanes, 0.0, 0.0

    return run


def event_loop(program, lanes, is_cold):
    """Coroutines, of which one runs while the others wait."""
    if not program.is_coroutine:
        raise Refused(NO_COROUTINE)
    import asyncio
    all_lanes = [Lane(number) for number in range(lanes)]

    def run(total, chunk):
        places = Places(total, 1)

        async def take_tasks(lane):
            for place in places:
                await lane.do_by_steps(program, place, program.task(place))

        async def take_all():
            await asyncio.gather(*map(take_tasks, all_lanes))

        asyncio.run(take_all())
        return all_lanes, 0.0, 0.0

    return run


# -------------------------------------------------------------------------------------------------- lanes as processes

class Process:
    """A lane that is a process, from the side of its owner."""

    def __init__(self, number):
        import multiprocessing
        self.connection, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve_owner, args=(theirs, number), daemon=True)
        self.process.start()
        theirs.close()

    def begin_trial(self):
        """Nothing is known of it in this trial."""
        self.lane, self.in_flight, self.held = Lane(None), 0, None

    def send(self, data):
        """Sends it tasks."""
        self.held = None
        self.in_flight += 1
        self.connection.send_bytes(data)

    def take_in(self):
        """Takes in what came of tasks. Says how many seconds that took."""
        data = self.receive()
        since = time()
        outcomes, segments = pickle.loads(data)
        outcomes, now = pickle.loads(outcomes), time()
        self.in_flight -= 1
        self.lane.segments += segments
        self.lane.outcomes += [(place, now, result, failure) for place, _, result, failure in outcomes]
        return now - since

    def receive(self):
        """What it sends next."""
        try:
            return self.connection.recv_bytes()
        except (EOFError, OSError):
            self.process.join(1)
            code = self.process.exitcode or 0
            raise Refused(PROCESS_ENDED, number(code * 2 if code >= 0 else -code * 2 - 1))

    def is_ready(self):
        """Waits until it has imported the program."""
        if refusal := self.receive():
            refused = Refused(0)
            refused.told = refusal
            raise refused

_processes = []


def end_processes():
    """Ends all processes."""
    for process in _processes:
        process.connection.close()
    for process in _processes:
        process.process.join(1)
        process.process.kill()
    _processes.clear()


def serve_owner(connection, number):
    """What a process does: the tasks that its owner sends."""
    lane = Lane(number)
    try:
        program = Program()
    except Refused as refused:
        return connection.send_bytes(refused.told)
    connection.send_bytes(b"")
    while True:
        try:
            data = connection.recv_bytes()
        except EOFError:
            return
        received = time()
        first, tasks = pickle.loads(data)
        lane.note(COPY_IN, received, time())
        for place, task in enumerate(tasks, first):
            lane.do(program, place, task)
        begin = time()
        outcomes = pickled(lane.outcomes)
        lane.note(COPY_OUT, begin, time())
        # Also where it is, as in another trial the lane of this number may be a thread.
        lane.tell()
        connection.send_bytes(pickle.dumps((outcomes, lane.segments)))
        lane.segments, lane.outcomes = [], []


def pickled(outcomes):
    """The outcomes as bytes; a result that cannot be pickled is a failure."""
    try:
        return pickle.dumps(outcomes)
    except Exception:
        return pickle.dumps([_can_be_pickled(*outcome) for outcome in outcomes])


def _can_be_pickled(place, end, result, failure):
    try:
        pickle.dumps(result)
    except Exception as error:
        return place, end, None, (NOT_PICKLED, f"{type(error).__name__}: {error}")
    return place, end, result, failure


def processes(program, lanes, is_cold):
    """Processes, to which tasks are sent when they have answered those before. A cold start belongs to the time."""
    if is_cold:
        end_processes()
    else:
        new = [Process(number) for number in range(len(_processes), lanes)]
        _processes.extend(new)
        for process in new:
            process.is_ready()

    def run(total, chunk):
        from multiprocessing.connection import wait
        begin, next_place, copy_in, copy_out = time(), 0, 0.0, 0.0
        if is_cold:
            _processes.extend(Process(number) for number in range(lanes))
        running = _processes[:lanes]
        for process in running:
            process.begin_trial()
        of_connection = {process.connection: process for process in running}
        starting = set(of_connection) if is_cold else set()

        def packed_tasks():
            nonlocal next_place, copy_in
            first, left, since = next_place, total - next_place, time()
            next_place += min(left, chunk or max(1, left // (4 * lanes)))
            tasks = [program.task(place) for place in range(first, next_place)]
            data = pickle.dumps((first, tasks)) if tasks else None
            copy_in += time() - since
            return data

        def hand_out(process):
            if process.in_flight == 0 and (data := process.held or packed_tasks()):
                process.send(data)
            # The next ones wait at the lane already, unless few are left or they would fill the pipe.
            if process.in_flight == 1 and not process.held and total - next_place >= 2 * lanes:
                process.held = packed_tasks()
                if len(process.held) <= AHEAD:
                    process.send(process.held)
            return process.in_flight > 0

        busy = {process.connection for process in running if process.connection in starting or hand_out(process)}
        while busy:
            for connection in wait(list(busy)):
                process = of_connection[connection]
                if connection in starting:
                    process.is_ready()
                    starting.discard(connection)
                    process.lane.segments.append([SPAWN, begin, time()])
                else:
                    copy_out += process.take_in()
                if not hand_out(process):
                    busy.discard(connection)
        if is_cold:
            end_processes()
        return [process.lane for process in running], copy_in, copy_out

    return run


# ------------------------------------------------------------------------------------------------ what the owner asks

MODELS = {"serial": serial, "threads": threads, "processes": processes, "async": event_loop}
_program = _run = None


def prepare(model, lanes, is_cold, interval):
    """Imports the program and makes lanes ready."""
    global _program, _run
    _program = _program or Program()
    sys.setswitchinterval(int(interval) / 1e6)
    _run = MODELS[model](_program, int(lanes), int(is_cold))
    return number(PREPARED) + number(len(_program.tasks))


def run(copies, chunk):
    """Does all tasks, so many times over."""
    lanes, copy_in, copy_out = _run(len(_program.tasks) * int(copies), int(chunk))
    end = time()
    digits = sys.get_int_max_str_digits()
    # Results may be long numbers, and what they look like is all that is told of them.
    sys.set_int_max_str_digits(0)
    try:
        told = many(lane.packed() for lane in lanes)
    finally:
        sys.set_int_max_str_digits(digits)
    return number(DONE) + moment(end) + moment(copy_in) + moment(copy_out) + told


def serve():
    """Does what the owner asks for until it ends the run."""
    told = number(STARTED)
    while True:
        _, command = _lanes.call(JOB, 0, 0, told)
        name, *words = command.decode().split()
        try:
            told = {"prepare": prepare, "run": run}[name](*words)
        except Refused as refused:
            end_processes()
            told = refused.told
