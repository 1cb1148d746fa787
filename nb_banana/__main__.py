"""``python -m nb_banana`` is ``nb-banana``."""

import sys

from ._cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
