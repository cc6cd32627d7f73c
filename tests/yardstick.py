"""The value of a recording in NumPy, and how large its terms are: by it the languages are compared."""

import numpy as np

from receiptbook.explorers.trace import NAMES, Term

# of two functions under one name the first
NUMPY = {"?": np.where, **{name: function for function, name in reversed(NAMES.items())}}


def largest(node, values):
    """The value of a recording at `values`, and the largest finite number met on the way.

    The second is the yardstick for rounding: a result may differ between two machines by a few
    units in the last digit of its largest term.
    """
    peak = 0.0

    def value(n):
        nonlocal peak
        if not isinstance(n, Term):
            result = n
        elif n.op in ("name", "datum"):
            result = values[n.args[0]]
        elif n.op in ("===", "!=="):
            one, two = (value(a) for a in n.args)
            return bool(one == two) is (n.op == "===")
        elif n.op == "?":  # the branch not taken may hold anything
            test, yes, no = n.args
            return value(yes) if value(test) else value(no)
        else:
            with np.errstate(all="ignore"):
                result = NUMPY[n.op](*(value(a) for a in n.args))
        if not isinstance(result, (str, bool, np.bool_)):
            result = np.float64(result)
            if np.isfinite(result):
                peak = max(peak, abs(float(result)))
        return result

    return value(node), peak
