import random


def make_shared():
    """Samples of 50 features, the first 20 of which tell ten classes apart."""
    rng = random.Random(SEED)
    corners = [[rng.choice((-1, 1)) for _ in range(20)] + [0] * 30 for _ in range(20)]
    samples = [[rng.gauss(mean, 1) for mean in corners[i % 20]] for i in range(SAMPLES)]
    return list(zip(*samples)), [i % 10 for i in range(SAMPLES)]


def share(samples):
    """Gives a lane what all tasks need: a thread shares it, a process gets a copy."""
    global COLUMNS, CLASSES
    COLUMNS, CLASSES = samples


def make_tasks():
    return list(range(SEED, SEED + TREES))


def run(task):
    """Grows a tree on samples that are drawn with replacement."""
    rng = random.Random(task)
    return grow(rng.choices(range(SAMPLES), k=SAMPLES), rng)


def grow(samples, rng):
    """Cuts samples in two by one of seven features until all are of one class."""
    counts = [0] * 10
    for i in samples:
        counts[CLASSES[i]] += 1
    if max(counts) == len(samples):
        return CLASSES[samples[0]]
    best = (-1.0,)
    for feature in rng.sample(range(50), 7):
        column = COLUMNS[feature]
        order = sorted(samples, key=column.__getitem__)
        left, right = [0] * 10, counts[:]
        left_squares, right_squares = 0, sum(n * n for n in right)
        for place, (i, next_i) in enumerate(zip(order, order[1:]), 1):
            c = CLASSES[i]
            left_squares += 2 * left[c] + 1
            right_squares -= 2 * right[c] - 1
            left[c] += 1
            right[c] -= 1
            score = left_squares / place + right_squares / (len(order) - place)  # least Gini impurity
            if score > best[0] and column[i] < column[next_i]:
                best = (score, feature, column[i], order[:place], order[place:])
    _, feature, threshold, lower, higher = best
    return feature, threshold, grow(lower, rng), grow(higher, rng)


def leaves(tree):
    return leaves(tree[2]) + leaves(tree[3]) if isinstance(tree, tuple) else 1


def describe(answers):
    return f"{len(answers)} trees have {sum(map(leaves, answers))} leaves"
