from multiprocessing import Pool
from time import perf_counter

def square(x):
    return x * x

if __name__ == "__main__":
    begin = perf_counter()
    squares = list(map(square, range(1000)))
    print(f"plain loop: {(perf_counter() - begin) * 1000:.2f} ms")
    with Pool(2) as pool:
        for chunk in 1, 250:
            begin = perf_counter()
            assert pool.map(square, range(1000), chunksize=chunk) == squares
            print(f"pool, {chunk} at once: {(perf_counter() - begin) * 1000:.2f} ms")
