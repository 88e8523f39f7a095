import math
import operator
import random


def make_shared():
    """Samples of 50 features, the first 20 of which tell two classes apart."""
    rng = random.Random(SEED)
    corners = [[rng.choice((-1, 1)) for _ in range(20)] + [0] * 30 for _ in range(20)]
    samples = [[rng.gauss(mean, 1) for mean in corners[i % 20]] for i in range(SAMPLES)]
    return samples, [i % 10 < 5 for i in range(SAMPLES)]


def share(lessons):
    """Gives a lane what all tasks need: a thread shares it, a process gets a copy."""
    global LESSONS
    LESSONS = lessons


def make_tasks():
    """The settings to try: how fast a model learns, and how much large weights cost."""
    rates = [0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05]
    return [(rate, penalty) for rate in rates for penalty in [0.0, 0.0001, 0.001, 0.01]]


def run(task):
    """Trains a logistic regression by gradient descent."""
    rate, penalty = task
    weights, bias = [0.0] * 50, 0.0
    for _ in range(EPOCHS):
        slopes, bias_slope = [0.0] * 50, 0.0
        for features, answer in zip(*LESSONS):
            error = 1 / (1 + math.exp(-bias - sum(map(operator.mul, weights, features)))) - answer
            slopes = [slope + error * feature for slope, feature in zip(slopes, features)]
            bias_slope += error
        weights = [w - rate * (slope / SAMPLES + penalty * w) for w, slope in zip(weights, slopes)]
        bias -= rate * bias_slope / SAMPLES
    losses = (
        math.log1p(math.exp((1 - 2 * answer) * (bias + sum(map(operator.mul, weights, features)))))
        for features, answer in zip(*LESSONS)
    )
    return sum(losses) / SAMPLES


def describe(answers):
    return f"the best of {len(answers)} models has a loss of {min(answers):.4f}"
