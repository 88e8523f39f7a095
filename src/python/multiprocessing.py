import multiprocessing


def run_in(pool, tasks, lanes):
    """Runs all tasks in the processes of a pool."""
$CALL


def main():
$BEGIN
    for lanes in LANES:
$RUN
        assert $RIGHT
        print(f"{lanes} processes: {taken:.3f} s, $SPEED_UP")
