"""What OpenBao's agent says of templates, hundreds at once.

One agent reads all of them: with `error_fatal = false` it goes on after a template that it refuses. It does not
survive a second look at one, so that a second agent gets those which the first had no complaint about.
"""

import re
import subprocess
import time

from needs import bao
from vault_server import ROOT_TOKEN

# How long an agent may be silent before what it has not written counts as never written.
PATIENCE = 3
COMPLAINT = re.compile(r"\(runner\) (\S+): (parse|execute): (.*)")
STAGES = {"parse": "parsing", "execute": "execution"}


def verdicts(address, templates, folder):
    """For each of the templates, (text, left delimiter, right delimiter), its stage and what the agent says of it.

    The stage is `parsing` or `execution` where the agent refuses it, else `rendered`, or `waiting` for what the server
    does not give it.
    """
    found = {}
    first = Agent(address, templates, range(len(templates)), folder / "first")
    found.update(first.complaints(until_all=False))
    rest = [place for place in range(len(templates)) if place not in found]
    second = Agent(address, templates, rest, folder / "second")
    found.update(second.complaints(until_all=True))
    return [found.get(place) or ("rendered" if second.has_rendered(place) else "waiting", "")
            for place in range(len(templates))]


class Agent:
    def __init__(self, address, templates, places, folder):
        self.places, self.folder = list(places), folder
        (folder / "out").mkdir(parents=True)
        (folder / "token").write_text(ROOT_TOKEN)
        stanzas = [f'vault {{ address = "{address}" }}',
                   f'auto_auth {{ method {{ type = "token_file" config = {{ token_file_path = "{folder}/token" }} }} }}']
        for place in self.places:
            text, left, right = templates[place]
            (folder / f"{place}").write_bytes(text.encode())
            stanzas.append(f'template {{ source = "{folder}/{place}" destination = "{folder}/out/{place}" '
                           f'error_fatal = false left_delimiter = "{left}" right_delimiter = "{right}" }}')
        (folder / "agent.hcl").write_text("\n".join(stanzas))
        self.log = folder / "log"

    def complaints(self, until_all):
        """What the agent refuses; until there is a verdict of each, where it is to be waited for."""
        with open(self.log, "wb") as log:
            process = subprocess.Popen(
                [bao(), "agent", f"-config={self.folder}/agent.hcl"], stdout=log, stderr=log,
                env={"HOME": str(self.folder), "NO_PROXY": "*"})
        try:
            known, since = -1, time.monotonic()
            while process.poll() is None and time.monotonic() - since < PATIENCE:
                found = self.read()
                count = len(found) + sum(map(self.has_rendered, self.places))
                if count == len(self.places) and until_all:
                    break
                if count != known:
                    known, since = count, time.monotonic()
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
        return self.read()

    def read(self):
        found = {}
        for line in self.log.read_text(errors="replace").splitlines():
            match = COMPLAINT.search(line)
            if match:
                place = int(match[1].rsplit("/", 1)[1])
                found.setdefault(place, (STAGES[match[2]], match[3].strip()))
        return found

    def has_rendered(self, place):
        return (self.folder / "out" / str(place)).exists()
