"""The record of what the agent says of templates, which the reader of templates is held to, is what it says today."""

import json
import os

import case
import templates
from harness.places import TESTS

RECORD = TESTS / "Fixtures/templates/verdicts.jsonl"


class TemplateVerdicts(case.Case):
    def setUp(self):
        super().setUp()
        values = {"user": "checkout", "password": "Zq7~Zq7", "db-password": "Zq8~Zq8", "encoded": "Wg==", "x-y": "Zq9~Zq9"}
        # What all of a folder is read of is a folder of its own, as other tests write into the same server.
        for path in ("secret/v1", "secret/app", "secret/listed/app", "kv/app"):
            self.vault.write(path, **values)
        if "pki/" not in self.vault.call("GET", "sys/mounts")["data"]:
            self.vault.call("POST", "sys/mounts/pki", {"type": "pki"})
            self.vault.call("POST", "pki/root/generate/internal", {"common_name": "example.com"})
            self.vault.call("POST", "pki/roles/web", {"allow_any_name": True, "max_ttl": "1h"})
        self.vault.call("POST", "transit/keys/key", {})

    def test_the_agent_says_what_is_recorded(self):
        rows = [json.loads(line) for line in RECORD.read_text().splitlines()]
        texts = [(row["template"], row.get("left", ""), row.get("right", "")) for row in rows]
        recorded = [(row.get("stage"), row.get("agent", "")) for row in rows]
        found = self.asked(texts, recorded)
        if os.environ.get("RECORD"):
            self.record(rows, found)
        self.assertEqual([(row["name"], *verdict) for row, verdict in zip(rows, recorded)],
                         [(row["name"], *verdict) for row, verdict in zip(rows, found)])

    def asked(self, texts, recorded):
        """The agent's verdicts; what it had no time for on a busy machine is asked once more, by itself."""
        found = list(templates.verdicts(self.vault.address, texts, self.folder))
        late = [index for index, verdict in enumerate(found) if tuple(verdict) != recorded[index] and verdict[0] == "waiting"]
        if late:
            folder = self.folder / "again"
            folder.mkdir()
            again = templates.verdicts(self.vault.address, [texts[index] for index in late], folder)
            for index, verdict in zip(late, again):
                found[index] = verdict
        return found

    def record(self, rows, found):
        with open(RECORD, "w") as file:
            for row, (stage, agent) in zip(rows, found):
                row = {**row, "stage": stage, "agent": agent}
                if not agent:
                    del row["agent"]
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
