from multiprocessing import Pool

def count_primes(bounds):
    def is_prime(n):
        return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))
    return bounds, sum(map(is_prime, range(*bounds)))

if __name__ == "__main__":
    # The higher a range lies, the longer it takes.
    limit = 100_000
    ranges = [(limit * i // 64, limit * (i + 1) // 64) for i in range(64)]
    with Pool(2) as pool:
        for call in pool.map, pool.imap, pool.imap_unordered:
            came = [bounds for bounds, _ in call(count_primes, ranges)]
            print(call.__name__, "in order" if came == ranges else "as they finished")
