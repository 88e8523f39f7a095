import hashlib
import tempfile


def keep(mail):
    """Saves a mail into a file."""
    with tempfile.TemporaryFile() as file:
        file.write(mail)
    return hashlib.sha256(mail).hexdigest()


def describe(answers):
    return f"{len(set(answers))} different mails came"
