def make_tasks():
    return list(range(1, COUNT + 1))


def run(task):
    return task * task


def describe(answers):
    return f"the squares add up to {sum(answers)}"
