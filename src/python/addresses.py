import hashlib
import tempfile


def names():
    return [f"page-{i}" for i in range(16)]


def content(path):
    return (path.encode() * BYTES)[:BYTES]


def keep(page):
    """Writes a page into a file, 50 times."""
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            file.write(page)
    return hashlib.sha256(page).hexdigest()


def describe(answers):
    return f"{len(set(answers))} different pages came"
