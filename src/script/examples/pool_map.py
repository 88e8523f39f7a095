# A pool of processes takes tasks from a list.
# Look for: the answers come back in the order of
# the tasks.

import multiprocessing

def slow_square(number):
    for _ in range(200_000):
        pass
    return number * number

if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        print(pool.map(slow_square, range(9)))
