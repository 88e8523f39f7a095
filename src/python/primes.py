import math


def make_tasks():
    """The integers below LIMIT, in 64 ranges; the later ones take longer."""
    return [range(LIMIT * i // 64, LIMIT * (i + 1) // 64) for i in range(64)]


def is_prime(k):
    return k > 1 and all(k % divisor for divisor in range(2, math.isqrt(k) + 1))


def run(task):
    return sum(map(is_prime, task))


def describe(answers):
    return f"there are {sum(answers)} primes"
