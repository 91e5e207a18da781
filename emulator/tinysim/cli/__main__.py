"""`python -m tinysim.cli`."""

from __future__ import annotations

import sys

from tinysim.cli import main

sys.exit(main())
