"""``python -m receiptbook.prose``."""

import sys

from receiptbook.prose import main

sys.exit(main())
