"""A clock that can be set while the site runs: a small library that is put before the system's own."""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """The clock that processes see who start with `settings`; without a C compiler there is none."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._library = folder / "clock.so"
        self.set_forth(0)
        compiler = shutil.which("cc")
        if compiler:
            made = [compiler, "-shared", "-fPIC", "-O2", "-o", str(self._library), str(SOURCE), "-ldl"]
            subprocess.run(made, check=True)

    @property
    def can_be_set(self) -> bool:
        """Whether the site's processes will see what is set."""
        return self._library.exists()

    @property
    def settings(self) -> dict[str, str]:
        """The environment of those who are to see this clock."""
        if not self.can_be_set:
            return {}
        return {"LD_PRELOAD": str(self._library), "CLOCK_FILE": str(self._file)}

    def set_forth(self, seconds: int) -> None:
        """Let the clock be so many seconds ahead of the system's; back, if they are negative."""
        # In place: the processes have this very file in their memory.
        with open(self._file, "r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))
