import math
import random

SPOT, STRIKE, RATE, VOLATILITY = 100.0, 105.0, 0.03, 0.2


def make_tasks():
    """A seed for the random numbers of every task."""
    return [SEED * 64 + i for i in range(64)]


def run(task):
    """Adds up what the option is worth at the ends of many paths."""
    gauss = random.Random(task).gauss
    drift = RATE - VOLATILITY**2 / 2
    return sum(max(0.0, SPOT * math.exp(drift + gauss(0.0, VOLATILITY)) - STRIKE) for _ in range(PATHS))


def describe(answers):
    return f"the option costs {math.exp(-RATE) * sum(answers) / (64 * PATHS):.2f}"
