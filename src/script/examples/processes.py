# Two processes.
# Look for: each has a memory of its own, so the
# list of the main process stays empty.

import multiprocessing
import os

found = []

def look(name):
    found.append(name)
    print(name, "is process", os.getpid(), "and has", found)

if __name__ == "__main__":
    a = multiprocessing.Process(target=look, args=("a",))
    b = multiprocessing.Process(target=look, args=("b",))
    a.start()
    b.start()
    a.join()
    b.join()
    print("the main process has", found)
