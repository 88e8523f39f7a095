import collections
import email
import email.utils
import json
import tempfile


def keep(mail):
    """Looks into a mail, counts what is in it, and stores that."""
    message = email.message_from_bytes(mail)
    hour = email.utils.parsedate_to_datetime(message["Date"]).hour
    words = collections.Counter(message.get_payload().lower().split())
    facts = (message["From"], hour, tuple(words.most_common()))
    with tempfile.TemporaryFile("w") as file:
        json.dump(facts, file)
    return facts


def describe(answers):
    words = sum(times for _, _, counted in answers for _, times in counted)
    return f"{len(answers)} mails have {words} words"
