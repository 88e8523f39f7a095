import functools
import operator
import random


def make_tasks():
    """Samples of integers below a million; a sample with a zero would be no work."""
    tasks, seed = [], SEED
    while len(tasks) < TASKS:
        sample = random.Random(seed).sample(range(1_000_000), FACTORS)
        tasks += [] if 0 in sample else [sample]
        seed += 1
    return tasks


def run(task):
    return functools.reduce(operator.mul, task)


def describe(answers):
    return f"the first product has {answers[0].bit_length()} bits"
