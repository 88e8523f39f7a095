import os
import platform
import statistics
import sys
import time


def timed(call):
    """The median of the times that a call takes, in seconds, and its last answer."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times), answer
