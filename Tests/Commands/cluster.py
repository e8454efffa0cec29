"""The API server that transcripts with a `--- cluster` section talk to: started once, emptied before each of them."""
import atexit, json, os, pathlib, re, shutil, ssl, subprocess, tempfile, urllib.request

HERE = pathlib.Path(__file__).parent
PYTHON = HERE.parents[1] / ".build/end-to-end/venv/bin/python"


def python():
    """The Python that has the server's packages; nil where there is none."""
    chosen = os.environ.get("VAULT_INJECT_TEST_PYTHON") or str(PYTHON)
    works = shutil.which(chosen) and subprocess.run([chosen, "-c", "import cryptography, h2"], capture_output=True).returncode == 0
    return chosen if works else None


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vault-inject-cluster-"))
        self.process = subprocess.Popen([python(), str(HERE.parent / "APIServer/server.py"), "--folder", str(self.folder)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self.stop)
        self.process.stdout.readline()
        self.ports = json.loads((self.folder / "ports.json").read_text())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self, rules):
        """Forgets what is there, and sets the faults."""
        context = ssl.create_default_context(cafile=str(self.folder / "certificates/ca.crt"))
        request = urllib.request.Request(self.ports["main"] + "/_test/reset", data=b"{}", method="POST")
        urllib.request.urlopen(request, context=context).read()
        (self.folder / "rules.tmp").write_text(rules.strip() or "[]")
        (self.folder / "rules.tmp").rename(self.folder / "rules.json")
        (self.folder / "requests.jsonl").write_text("")

    def environment(self):
        return {"KUBECONFIG": str(self.folder / "token.kubeconfig"), "CLUSTER": str(self.folder)}

    def without_ports(self, text):
        for name, address in self.ports.items():
            port = address.rpartition(":")[2]
            text = re.sub(rf"\b{port}\b", name.upper(), text)
        return text.replace(str(self.folder), "CLUSTER")
