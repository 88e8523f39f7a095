"""What one thread of Python does most, in small loops: `run(name)` gives the milliseconds that one takes."""

import functools
import math
import random
import time


def cosine_from_zero():
    total = 0
    for i in range(10**6):
        total += total * math.cos(i * math.pi)


def cosine_loop():
    total = 1.0
    for i in range(10**6):
        total = 0.5 * total + math.cos(i * math.pi)


def float_loop():
    total = 0
    for i in range(10**6):
        total += total * 0.5 + i


def while_loop():
    i = 0
    while i < 10**6:
        i += 1


def product_by_reduce():
    for _ in range(3):
        functools.reduce(lambda x, y: x * y, random.sample(range(1000000), 5000))


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def recursion():
    fib(24)


def generator_sum():
    sum(math.cos(i) for i in range(5 * 10**5))


def primes():
    found = []
    for n in range(2, 20000):
        for d in range(2, int(n**0.5) + 1):
            if n % d == 0:
                break
        else:
            found.append(n)


def strings():
    for i in range(200000):
        "a" + str(i)


def f_strings():
    "".join([f"{i}:{i * 2}" for i in range(200000)])


def dicts():
    for _ in range(10):
        counts = {}
        for i in range(20000):
            counts[i] = i
        for i in range(20000):
            counts[i] += 1


def word_count():
    counts = {}
    for word in ("the quick brown fox jumps over the lazy dog " * 4000).split():
        counts[word] = counts.get(word, 0) + 1
    sorted(counts.items())


class Point:
    def __init__(self, x):
        self.x = x

    def get(self):
        return self.x


def objects():
    for i in range(150000):
        Point(i).get()


def comprehension():
    for _ in range(20):
        [i * i for i in range(20000)]


def sorting():
    rng = random.Random(1)
    sorted([rng.random() for _ in range(150000)])


def big_integers():
    pow(3, 200000) % 10**50
    str(3**5000)


def nested_loops():
    n = 90
    a = [[i * j for j in range(n)] for i in range(n)]
    [[sum(a[i][k] * a[k][j] for k in range(n)) for j in range(n)] for i in range(n)]


KERNELS = [
    cosine_from_zero, cosine_loop, float_loop, while_loop, product_by_reduce, recursion, generator_sum, primes, strings,
    f_strings, dicts, word_count, objects, comprehension, sorting, big_integers, nested_loops,
]


def run(kernel):
    begin = time.perf_counter()
    kernel()
    return (time.perf_counter() - begin) * 1000
