"""The command line: ``python -m surge.kit [folder] [--site folder] [--no-paper]``."""

import sys

from surge.kit import main

sys.exit(main())
