import itertools
import threading


def run_in_threads(tasks, lanes):
    """Runs all tasks in so many threads, each of which takes the next ones when it has done its own."""
    answers = [None] * len(tasks)
    places = iter(range(len(tasks)))
    lock = threading.Lock()

    def lane():
        while True:
            with lock:
                taken = list(itertools.islice(places, $TAKE))
            if not taken:
                return
            for place in taken:
                answers[place] = run(tasks[place])

    threads = [threading.Thread(target=lane) for _ in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main():
$BEGIN
    for lanes in LANES:
        taken, answers = timed(lambda: run_in_threads($TASKS, lanes))
        assert answers == $EXPECTED
        print(f"{lanes} threads: {taken:.3f} s, $SPEED_UP")
