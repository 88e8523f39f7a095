# Eight tasks that only compute.
# Look for: with the GIL, one lane runs and the
# others wait. Without it, all lanes run.

def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total

TASKS = [200_000] * 8
