"""Threads that use the same objects of every kind without a lock, for some seconds: `stress.py THREADS SECONDS`.

What they find may be anything, but Python must go on, and must not keep what they have dropped.
"""

import collections
import random
import sys
import threading
import time

THREADS, SECONDS = int(sys.argv[1]), float(sys.argv[2])
numbers, names, found, waiting = [0] * 64, {}, set(), collections.deque(maxlen=64)


class Thing:
    shared = 0

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value


thing = Thing(0)


def countdown(n):
    while n:
        yield n
        n -= 1


def lists(rng):
    numbers.append(rng.random())
    numbers.sort()
    del numbers[64:]
    numbers[0] = sum(numbers[:8])


def dicts(rng):
    key = rng.randrange(100)
    names[key] = [key] * 3
    names.pop(rng.randrange(100), None)
    {k: v for k, v in list(names.items())}


def sets(rng):
    found.add(rng.randrange(100))
    found.discard(rng.randrange(100))
    found & {1, 2, 3}


def deques(rng):
    waiting.append(Thing(rng.random()))
    if len(waiting) > 32:
        waiting.popleft()


def objects(rng):
    thing.value = Thing(thing)
    thing.value = rng.random()
    Thing.shared += 1
    setattr(thing, f"name{rng.randrange(8)}", [thing.value])


def exceptions(rng):
    try:
        [][rng.randrange(3)]
    except IndexError as error:
        raise ValueError("as expected") from error


def generators(rng):
    sum(countdown(rng.randrange(20)))
    min(Thing(n) for n in countdown(5))


def strings(rng):
    ",".join(str(n) for n in numbers[:16]).split(",")


def lane(seed, end):
    rng, kinds = random.Random(seed), [lists, dicts, sets, deques, objects, exceptions, generators, strings]
    while time.monotonic() < end:
        try:
            rng.choice(kinds)(rng)
        except (ValueError, RuntimeError, IndexError, KeyError):  # another thread has changed it meanwhile
            pass


end = time.monotonic() + SECONDS
lanes = [threading.Thread(target=lane, args=(seed, end)) for seed in range(THREADS)]
for each in lanes:
    each.start()
for each in lanes:
    each.join()
print("done")
