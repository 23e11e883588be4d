"""npm's client `genderize`, unchanged, against a site: `python -m tests.guessing.npm_genderize`.

Installs the client into a folder that is deleted afterwards, which needs node, npm and a network. The client
knows one address, https://api.genderize.io: a hook sends what goes there to the site, as a host name in one's
own network would. Exit status 1 if an answer is not what it has to be.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from tests.support import sites

CLIENT = "genderize@1.6.0"
HOOK = """
const http = require("http");
const https = require("https");
https.request = ({ path, method, headers }, onAnswer) => {
  if (headers.host !== "api.genderize.io") throw new Error(`not for ${headers.host}`);
  return http.request(`${process.env.SITE}/genderize${path}`, { method, headers }, onAnswer);
};
"""
CALLS = """
const genderize = require("genderize");
const told = (error, answer) => console.log(JSON.stringify(error ? String(error) : answer));
genderize("Giovanna", (error, answer) => {
  told(error, answer);
  genderize.list(["Dr. Anna", "N/A", "Zoë"], (error, answer) => {
    told(error, answer);
    genderize("Anna", { country_id: "de" }, told);
  });
});
"""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve a site of its own; give its address."""
    instance = sites.copy_instance(sites.blank_instance(folder), folder / "site")
    with sites.open_site(instance) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        server.server_close()
        thread.join()


def ask(folder: Path, address: str, arguments: list[str], typed: str = "") -> list[Any]:
    """Run node with the hook; return the JSON of each line that it prints."""
    (folder / "hook.js").write_text(HOOK)
    command = ["node", "--require", "./hook.js", *arguments]
    environment = {**os.environ, "SITE": address}
    done = subprocess.run(
        command, cwd=folder, env=environment, input=typed, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def problems(folder: Path, address: str) -> list[str]:
    """Return what is not as it has to be: by the module, and by the command that comes with it."""
    giovanna, listed, anna = ask(folder, address, ["-e", CALLS])
    streamed = ask(folder, address, ["node_modules/genderize/cli.js"], "Giovanna\nMs. Kim\n")
    wanted = {
        "one name": (giovanna["name"], giovanna["count"]) == ("Giovanna", 12_846),
        "its gender": giovanna["gender"] in ("female", "male") and giovanna["probability"] >= 0.5,
        "a list, in order": [answer["name"] for answer in listed] == ["Dr. Anna", "N/A", "Zoë"],
        "a title left out": listed[0]["count"] == 380_000,
        "no name": listed[1] == {"name": "N/A", "gender": None, "probability": 0, "count": 0},
        "a country": (anna["country_id"], anna["count"]) == ("DE", 704_000),
        "its command": [answer["name"] for answer in streamed[:2]] == ["Giovanna", "Ms. Kim"],
    }
    return [what for what, is_right in wanted.items() if not is_right]


def main() -> int:
    """Install the client, run it, print what is wrong, and return the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", CLIENT], cwd=folder, check=True
        )
        with site(folder) as address:
            found = problems(folder, address)
    sys.stdout.write(f"{CLIENT}: {', '.join(found) or 'all answers are right'}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
