"""plotly.js, as the pip package `plotly` ships it. The package itself is never imported: it is large."""

import gzip
import threading
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from webapp.errors import Unavailable
from webapp.languages.texts import gettext

_compressing = threading.Lock()


def release() -> str:
    """Return the version of the package: part of the script's address, so that it may be kept for ever."""
    try:
        return version("plotly")
    except PackageNotFoundError as error:
        raise Unavailable(
            gettext("The charts' library is not installed; the tables beside them are complete.")
        ) from error


def path() -> Path:
    """Return the file of the script, or raise Unavailable."""
    spec = find_spec("plotly")  # looks, does not import
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        # Not a documented place; if it moves, the tables beside the charts still say all.
        script = Path(folder) / "package_data" / "plotly.min.js"
        if script.is_file():
            return script
    raise Unavailable(gettext("The charts' library is not installed; the tables beside them are complete."))


def compressed() -> bytes:
    """Return the script gzipped, 1.5 MB instead of 4.8: half a second of work, done once."""
    with _compressing:  # or all threads that are asked for it at first would do that work at the same time
        return _compress()


@lru_cache(1)
def _compress() -> bytes:
    # Without a time in its head the file is the same in every process.
    return gzip.compress(path().read_bytes(), compresslevel=6, mtime=0)
