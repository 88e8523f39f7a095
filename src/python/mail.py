import random


def names():
    return [f"mail-{i}" for i in range(MAILS)]


def content(path):
    """Makes up a mail: the same one for the same name."""
    rng = random.Random(path)
    words = "a lane of threads and processes waits for the network or computes on a core".split()
    text = " ".join(rng.choices(words, k=500))
    sender, hour = rng.choice(["ada", "grace", "guido"]), rng.randrange(24)
    return f"From: {sender}@example.org\nDate: Fri, 20 Nov 2026 {hour:02}:15:00 +0000\n\n{text}\n".encode()
