import hashlib
import tempfile


def names():
    return ["page"] * TIMES


def content(path):
    return b"Lanes! " * 2_341


def keep(page):
    """Writes the page into a file."""
    with tempfile.TemporaryFile() as file:
        file.write(page)
    return hashlib.sha256(page).hexdigest()


def describe(answers):
    return f"the page came {len(answers)} times"
