"""What processes of a run share ends with the run, so there is nothing to keep track of."""

__all__ = ["ensure_running", "register", "unregister"]


def ensure_running():
    """Nothing has to run."""


def getfd():
    """No descriptor of a kernel's stream: children are not given it."""
    return 2


def register(name, rtype):
    """Nothing has to be noted."""


unregister = register


class ResourceTracker:
    """For those who ask for the type."""

    _exitcode = 0
    ensure_running = staticmethod(ensure_running)
    getfd = staticmethod(getfd)
    register = staticmethod(register)
    unregister = staticmethod(unregister)

    def _stop(self):
        """Nothing has to end."""


_resource_tracker = ResourceTracker()
