from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, sleep

def fetch_mail(number):        # or, with imaplib: mailbox.fetch(str(number), "(RFC822)")
    sleep(0.01)
    return f"mail {number}"

def fetch_mails(numbers):
    return [fetch_mail(number) for number in numbers]

chunks = [range(first, first + 10) for first in range(0, 100, 10)]
for lanes in 1, 10:
    with ThreadPoolExecutor(lanes) as pool:
        begin = perf_counter()
        mails = [mail for chunk in pool.map(fetch_mails, chunks) for mail in chunk]
        print(f"{lanes} threads: {len(mails)} mails in {perf_counter() - begin:.2f} s")
