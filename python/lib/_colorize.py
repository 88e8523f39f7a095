"""Nothing is coloured: what a run writes goes to no terminal. (CPython's own module takes a quarter of a second to import.)"""

COLORIZE = False


class _Plain:
    """No colours, by whatever name one is asked for."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


class Theme:
    """Plain sections, by whatever name one is asked for."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Plain()


ANSIColors = NoColors = _Plain()
default_theme = theme_no_color = Theme()


def can_colorize(*, file=None):
    """Whether colours can be shown."""
    return False


def get_colors(colorize=False, *, file=None):
    """The colours by their names."""
    return NoColors


def get_theme(*, tty_file=None, force_color=False, force_no_color=False):
    """The colours of each part of the library."""
    return theme_no_color


def set_theme(theme):
    """Changes nothing."""


def decolor(text):
    """The text, which has no colours."""
    return text
