"""What the tables cost to load, as a multiple of `import pandas`.

    python bench/loading.py

Processor time of fresh processes, the least of five, without the start of Python itself.
"""

from __future__ import annotations

import subprocess
import sys


def cost(code: str) -> float:
    """Processor time of some statements, in seconds."""
    program = f"import time; t = time.process_time(); {code}; print(time.process_time() - t)"
    run = [sys.executable, "-c", program]
    return min(float(subprocess.check_output(run, text=True)) for _ in range(5))


if __name__ == "__main__":
    pandas = cost("import pandas")
    for what in ("import receiptbook.tables", "from receiptbook import tables; tables.load()"):
        print(f"{what}: {cost(what) / pandas:.2f} of import pandas")
