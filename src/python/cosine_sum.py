import math


def make_tasks():
    """The integers below COUNT, in 256 slices."""
    return [range(COUNT * i // 256, COUNT * (i + 1) // 256) for i in range(256)]


def run(task):
    return sum(math.cos(i) for i in task)


def describe(answers):
    return f"the sum is {sum(answers):.6f}"
