"""What pandas and the book ask of IPython: whether there is a kernel. There is one: the page."""

version_info = (9, 18, 1)


class ZMQShell:
    """The shell of a kernel, by the name that pandas looks for."""

    kernel = object()


_SHELL = ZMQShell()


def get_ipython() -> ZMQShell:
    """The shell at work."""
    return _SHELL
