"""What pandas and the book ask of IPython: whether there is a kernel. There is one: the page."""

version_info = (9, 18, 1)


class ZMQShell:
    kernel = object()


_SHELL = ZMQShell()


def get_ipython():
    return _SHELL
