"""Runs one module of CPython's own tests from the given test on, and tells how each ended, a line for each."""

import sys
import unittest


class Result(unittest.TestResult):
    """Tells what begins and how it ends, so that a test that hangs or ends Python is known by its name."""

    def tell(self, how, test, why=""):
        why = str(why).strip().replace("\n", "\\n")
        print(f"\n@@ {how} {test.id()} {why}", flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.tell("begin", test)

    def addSuccess(self, test):
        self.tell("passed", test)

    def addSkip(self, test, reason):
        self.tell("skipped", test, reason)

    def addFailure(self, test, err):
        self.tell("failed", test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.tell("failed", test, self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.addError(test, err)

    def addExpectedFailure(self, test, err):
        self.tell("skipped", test, "RustPython expects it to fail")

    def addUnexpectedSuccess(self, test):
        self.tell("passed", test)


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


if __name__ == "__main__":
    module, first, *left_out = sys.argv[1:]
    try:
        suite = unittest.defaultTestLoader.loadTestsFromName(module)
    except unittest.SkipTest as reason:
        print(f"\n@@ skipped {module} {reason}")
        sys.exit()
    tests = list(tests_of(suite))[int(first):]
    is_left_out = lambda test: any(test.id().startswith(name) for name in left_out)
    # A place is told for each test that is left out, as for those that run.
    for test in tests:
        print(f"\n@@ {'left' if is_left_out(test) else 'there'} {test.id()}")
    unittest.TestSuite(test for test in tests if not is_left_out(test)).run(Result())
    print("\n@@ done", flush=True)
