"""Runs the reader's script.py as it stands, or its work(task) for each of its TASKS, and tells when that began and ended.

Lanes are ready before the time of tasks starts, as in a pool that is kept.
"""

import sys
import time

# What else is needed is imported where it is, as that takes long in this interpreter.

SCRIPT = "/home/script.py"


def lane(todo, answers):
    import script

    answers.put(None)
    while (job := todo.get()) is not None:
        number, task = job
        try:
            answers.put((number, script.work(task), None))
        except BaseException as error:
            import traceback

            # Tracebacks begin with the script's own lines.
            told = traceback.format_exception(type(error), error, error.__traceback__.tb_next)
            answers.put((number, None, "".join(told)))


def tell(*words):
    # The page takes this line out of the output.
    print("\x1e" + " ".join(words), f"{time.time() * 1000:.3f}", flush=True)


def end(answers):
    import zlib

    tell("end", str(zlib.crc32(repr(answers).encode())))


def run_whole():
    import atexit
    import types

    # It is the main module, so that the processes that it starts find it.
    main = types.ModuleType("__main__")
    main.__file__ = SCRIPT
    sys.modules["__main__"] = main
    sys.argv = ["script.py"]
    with open(SCRIPT, encoding="utf-8") as file:
        source = file.read()
    try:
        code = compile(source, SCRIPT, "exec")
    except SyntaxError as error:
        import traceback

        sys.exit("".join(traceback.format_exception_only(error)).rstrip())
    # All threads but daemons have ended by then.
    atexit.register(tell, "end", "-")
    tell("begin")
    try:
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        import traceback

        # The traceback begins with the script's own lines.
        error.__traceback__ = error.__traceback__.tb_next
        hook = sys.excepthook
        if hook is sys.__excepthook__:
            traceback.print_exception(error)
        else:
            hook(type(error), error, error.__traceback__)
        sys.exit(1)


def run_tasks(model, count):
    import script

    tasks = list(script.TASKS)
    if model == "serial":
        tell("begin")
        end([script.work(task) for task in tasks])
        return
    if model == "processes":
        from multiprocessing import Process as Lane, SimpleQueue
    else:
        from queue import SimpleQueue
        from threading import Thread as Lane
    todo, results = SimpleQueue(), SimpleQueue()
    lanes = [Lane(target=lane, args=(todo, results), name=f"lane {number + 1}") for number in range(count)]
    for one in lanes:
        one.start()
    for one in lanes:
        results.get()
    tell("begin")
    answers, left = [None] * len(tasks), iter(enumerate(tasks))
    # Two a lane are on their way, so that no lane waits for this thread and no queue fills up.
    for _, job in zip(range(2 * count), left):
        todo.put(job)
    failure = None
    for _ in tasks:
        number, answers[number], failed = results.get()
        failure = failure or failed
        if (job := next(left, None)) is not None:
            todo.put(job)
    end(answers)
    for one in lanes:
        todo.put(None)
    for one in lanes:
        one.join()
    if failure:
        sys.exit(failure.rstrip())


if __name__ == "__main__":
    if sys.argv[1] == "whole":
        run_whole()
    else:
        run_tasks(sys.argv[1], int(sys.argv[2]))
