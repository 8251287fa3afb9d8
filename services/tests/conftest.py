"""Settings of the chassis's tests: SQLite need not wait for the disk here; what a crash may lose is proven elsewhere."""

import os

os.environ.setdefault("VIGENCIA_SQLITE_SYNCHRONOUS", "OFF")
