"""Fetch a corpus over https: with a progress bar, a size limit, and a sentence for every failure."""

import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from tqdm import tqdm

from training.data.name_lists import BadCorpus, read_rows
from training.runtime.atomic_write import whole

LARGEST = 64 * 2**20
"""Bytes: the SSA's archive has 7 MB."""
TIMEOUT = 30
"""Seconds without a byte."""
_CHUNK = 2**16


class BadDownload(OSError):
    """Nothing was fetched; the message says why, in one sentence."""


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request: Any, file: Any, code: int, words: str, headers: Any, url: str) -> Any:
        _check_address(url)
        return super().redirect_request(request, file, code, words, headers, url)


def download(url: str, to: Path | None = None, context: ssl.SSLContext | None = None) -> Path:
    """Fetch the corpus at `url` and return the file that holds it: `to`, or the address's own name, here.

    What is no corpus is not kept. `context` decides which certificates are trusted (the system's).
    Raises BadDownload, BadCorpus, OSError.
    """
    path = to or Path(_name_in(url))
    if path.exists():
        raise BadDownload(f"{path} is there already: remove it, or choose another place with --to.")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Read before it gets its name: what is no corpus is never left under it.
    with whole(path) as beside:
        _fetch(url, beside, context)
        if next(iter(read_rows(beside)), None) is None:
            raise BadCorpus(f"What lies at {url} holds no names.")
    return path


def _check_address(url: str) -> None:
    if urlsplit(url).scheme != "https":
        raise BadDownload(f"Only https is fetched, and {url[:200]} is not.")


def _name_in(url: str) -> str:
    _check_address(url)
    name = Path(unquote(urlsplit(url).path)).name
    if not name or name.startswith("."):
        raise BadDownload(f"The address {url[:200]} ends in no file name: choose one with --to.")
    return name


def _fetch(url: str, path: Path, context: ssl.SSLContext | None) -> None:
    _check_address(url)
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context or ssl.create_default_context()), _HttpsOnly
    )
    try:
        with opener.open(url, timeout=TIMEOUT) as answer, path.open("wb") as file:
            _copy(answer, file, int(answer.headers.get("Content-Length") or 0))
    except urllib.error.HTTPError as error:
        error.close()
        raise BadDownload(f"{url} answers {error.code} {error.reason}.") from error
    except urllib.error.URLError as error:
        raise BadDownload(f"{url} cannot be fetched: {error.reason}.") from error
    except TimeoutError as error:
        raise BadDownload(f"{url} sent nothing for {TIMEOUT} seconds.") from error


def _copy(answer: Any, file: IO[bytes], expected: int) -> None:
    if expected > LARGEST:
        raise BadDownload(f"A corpus may have up to {LARGEST // 2**20} MB; this one says {expected:,} bytes.")
    fetched = 0
    with tqdm(total=expected or None, unit="B", unit_scale=True, desc="downloading") as bar:
        while chunk := answer.read(_CHUNK):
            fetched += len(chunk)
            if fetched > LARGEST:
                raise BadDownload(f"A corpus may have up to {LARGEST // 2**20} MB; this one has more.")
            file.write(chunk)
            bar.update(len(chunk))
    if expected and fetched != expected:
        raise BadDownload(f"The connection ended after {fetched:,} of {expected:,} bytes.")
