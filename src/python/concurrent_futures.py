import concurrent.futures


def run_in(pool, tasks, lanes):
    """Runs all tasks in the threads or processes of a pool."""
$CALL


def main():
$BEGIN
    for kind in [$KINDS]:
        for lanes in LANES:
$RUN
            assert $RIGHT
            print(f"{kind.__name__}, {lanes} lanes: {taken:.3f} s, $SPEED_UP")
