"""The pods that admission-policy has to inject as the program does: made by hand, generated, and recorded ones."""

import copy
import random
from dataclasses import dataclass

from guard_cases import ADDRESS, HASHICORP, LABELS, admissible, debug_copy, recorded, talend

# What policies are printed and pods are injected with, for each group of cases.
GROUPS = {
    "default": ADDRESS,
    "settings": (
        "--vault-addr", "https://vault.example.com:8200", "--set", "talend.annotationPrefix=vault.example.com",
        "--set", "talend.labels.application=app", "--set", "talend.labels.service=service",
        "--set", "image=registry.example.com/vault:1", "--set", "auth.kubernetes.path=clusters/one",
        "--set", "vault.namespace=shop", "--set", "templates.permissions=0640", "--set", "agent.logLevel=debug",
        "--set", "imagePullPolicy=Always", "--set", "security.runAsUser=off", "--set", "volumes.secretsSize=32Mi"),
    "tls": (
        "--vault-addr", "https://vault.example.com:8200", "--set", "vault.tls.caConfigMap=vault-ca",
        "--set", "vault.tls.caKey=ca.pem", "--set", "vault.tls.serverName=vault", "--set", "token.audience=vault",
        "--set", "imagePullSecrets=one,two", "--set", "agent.resources.limits.cpu=", "--set", "program=bao",
        "--set", "templates.wait.min=5s", "--set", "startupSeconds=60", "--set", "token.expirationSeconds=600"),
    "native": ("--sidecars", "native", *ADDRESS),
    "container": ("--sidecars", "container", *ADDRESS),
}
# The label of a namespace whose pods are left alone.
EXEMPTING = {"vault-inject": "off"}

# What becomes of a pod: injected, refused as wrong, refused as not served, or left as it is.
INJECTED, REFUSED, UNSERVED, UNTOUCHED = "injected", "refused", "unserved", "untouched"


@dataclass(frozen=True)
class Case:
    name: str
    pod: dict
    # The outcomes that are right, where the program would inject; what it refuses and leaves alone is told by itself.
    outcomes: tuple = (INJECTED,)
    namespace: str = "own"
    group: str = "default"
    # Some of what the webhook was recorded with is nothing that a cluster takes, and is left out.
    is_recorded: bool = False
    # Of most generated pods only a digest is kept.
    is_kept: bool = True


def pod(name, annotations, containers=None, labels=None, **spec):
    metadata = {"name": name, "labels": LABELS if labels is None else labels, "annotations": annotations}
    containers = containers or [container("app", command=["sleep", "1"])]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": containers, **spec}}


def container(name, **more):
    return {"name": name, "image": "nginx:1", **more}


def mount(name, path):
    return {"name": name, "mountPath": path}


# MARK: Made by hand

TEMPLATE = '{{ with secret "secret/a" }}\npassword = "{{ .Data.password }}"\n{{ end }}'
STATIC = {"secrets_type": "static"}


def made_by_hand():
    yield Case("plain", pod("plain", talend()))
    yield Case("by-labels", pod("by-labels", {"sidecar.vault.talend.org/inject": "yes"}))
    yield Case("static", pod("static", talend(**STATIC)))
    yield Case("static-other-case", pod("static", talend(secrets_type="Static", auth="Kubernetes")))
    yield Case("proxy", pod("proxy", talend(mode="proxy")))
    yield Case("proxy-port", pod("proxy-port", talend(mode="proxy", proxy_port="80")))
    yield Case("secrets-and-proxy", pod("both", talend(mode="secrets,proxy", proxy_port="65535")))
    yield Case("static-and-proxy", pod("both", talend(mode="proxy,secrets", **STATIC)))
    yield Case("native", pod("native", talend(sidecars="native")))
    yield Case("native-proxy", pod("native", talend(sidecars="native", mode="secrets,proxy", proxy_port="9")))
    yield Case("ends", pod("ends", talend(), restartPolicy="Never"))
    yield Case("native-job", pod("job", talend(mode="job"), restartPolicy="OnFailure"))
    yield Case("hook", pod("hook", talend(secrets_hook="on")))
    yield Case("hook-beside-others", pod("hook", talend(secrets_hook="TRUE"), [
        container("app", lifecycle={"preStop": {"exec": {"command": ["a"]}}}, volumeMounts=[mount("secrets", "/s")]),
        container("other", lifecycle={"postStart": {"exec": {"command": ["b"]}}})],
        volumes=[{"name": "secrets", "emptyDir": {}}]))
    yield Case("several", pod("several", talend(
        secrets_path="secret/a,secret/b", secrets_destination="a.env,b/c.env", notify="kill -HUP 1")))
    yield Case("templates", pod("templates", talend(
        secrets_template=f"{TEMPLATE}---\n{TEMPLATE}\n", secrets_destination="a,b", notify=",reload b")))
    yield Case("own-volume", pod("own-volume", talend(), volumes=[{"name": "secrets", "emptyDir": {}}]))
    yield Case("init-containers", pod("init", talend(**STATIC), initContainers=[
        container("first"), container("second", volumeMounts=[mount("secrets", "/first")]),
        container("stays", restartPolicy="Always")], volumes=[{"name": "secrets", "emptyDir": {}}]))
    yield Case("no-token", pod("no-token", talend(), automountServiceAccountToken=False))
    yield Case("image", pod("image", talend(vault_image="registry.example.com/vault:1")))
    yield Case("name-generated", generated(pod("generated", talend())))
    yield Case("quotes", pod("quotes", talend(
        secrets_template="{{ with secret `secret/a` }}'\"\\ \u00fc \u2028\t{{ end }}", role="r's role")))

    yield Case("debug-copy-of-plain", changed(pod("debug", talend()), debug_copy()))
    yield Case("exempt", pod("exempt", talend()), (UNTOUCHED,), namespace="exempt")
    yield Case("off", pod("off", talend(inject="1")))
    yield Case("nobody", pod("nobody", None))
    yield Case("hashicorp", pod("hashicorp", HASHICORP), (UNTOUCHED,))
    yield Case("done", pod("done", talend(status="Injected")), (INJECTED, UNTOUCHED, REFUSED))
    yield Case("other-status", pod("other-status", talend(status="failed")))
    for name, annotations in (
            ("no-mode", talend(mode="unknown")), ("no-such-auth", talend(auth="aws")),
            ("no-such-type", talend(secrets_type="both")), ("no-such-method", talend(secrets_injection_method="tty")),
            ("more-files", talend(secrets_path="a", secrets_destination="a,b")),
            ("more-templates", talend(secrets_template="a---b"))):
        yield Case(name, pod(name, annotations), (REFUSED,))
    yield Case("no-labels", pod("no-labels", talend(), labels={}))
    yield Case("no-role", pod("no-role", {"sidecar.vault.talend.org/inject": "true"}, labels={}))
    for name, annotations in (
            ("env", talend(secrets_injection_method="env", **STATIC)), ("approle", talend(auth="AppRole")),
            ("sa-token", talend(sa_token="/var/run/secrets/kubernetes.io/serviceaccount/token")),
            ("babysitter", talend(mode="job", sidecars="container")), ("misspelt", talend(secret_path="a")),
            ("workload", talend(workload="job"))):
        yield Case(name, pod(name, annotations), (UNSERVED, INJECTED))
    either = (INJECTED, UNSERVED, REFUSED)
    # Characters that mean something to HCL, the shell, Go's templates or CEL.
    odd = ('a"b', "a$b", "a${b}", "a\\b", "a%{b}", "a\nb", "a{{b}}", "a'b", "a b", "\u00e9", "$$", "a`b", "~")
    for index, text in enumerate(odd):
        yield Case(f"odd-path-{index}", pod("odd", talend(secrets_path=text)), either)
        yield Case(f"odd-destination-{index}", pod("odd", talend(secrets_destination=text)), either)
        yield Case(f"odd-command-{index}", pod("odd", talend(notify=text)), either)
        yield Case(f"odd-role-{index}", pod("odd", talend(role=text)), either)
        yield Case(f"odd-template-{index}", pod("odd", talend(secrets_template=text)), either)
    for index, text in enumerate(("", "0", "80", "65536", "08200", " 80", "eighty")):
        yield Case(f"odd-port-{index}", pod("odd", talend(mode="proxy", proxy_port=text)), either)
    for index, text in enumerate(("TEMPLATE", "a\nTEMPLATE\nb", "a\n  TEMPLATE", "END", "a\nEND\nb", "\r\n")):
        # Lines that could end what they stand in.
        yield Case(f"odd-line-{index}", pod("odd", talend(secrets_template=text)), either)


def generated(thing):
    thing["metadata"]["generateName"] = thing["metadata"].pop("name") + "-"
    return thing


def changed(thing, change):
    change(thing)
    return thing


def of_every_size():
    """Pods that cost a policy much, with a margin to what is refused for that."""
    many = [container(f"c-{index}", volumeMounts=[mount(f"v-{number}", f"/v/{number}") for number in range(20)])
            for index in range(30)]
    volumes = [{"name": f"v-{number}", "emptyDir": {}} for number in range(20)]
    files = ",".join(f"folder/file-{index}.env" for index in range(100))
    paths = ",".join(f"kv/data/team/application-{index}" for index in range(100))
    for name, annotations in (
            ("files", talend(secrets_destination=files, secrets_path=paths, notify=100 * "reload,")),
            ("static-files", talend(secrets_destination=files, secrets_path=paths, **STATIC)),
            ("hook", talend(secrets_hook="on", secrets_destination=files, secrets_path=paths)),
            ("template", talend(secrets_template=100_000 * "x", sidecars="native")),
            ("lines", talend(secrets_template=20_000 * "a\n"))):
        yield Case(f"large-{name}", pod("large", annotations, many, initContainers=[
            {**each, "name": f"init-{each['name']}"} for each in many], volumes=volumes), is_kept=False)


def with_names_that_are_taken():
    """What is injected has names that somebody else may have used; the program and the policies have to agree."""
    either = (INJECTED, UNSERVED, REFUSED)
    agent, volume = "tvsi-vault-agent", {"name": "tvsi-agent", "emptyDir": {}}
    data = {"name": "data", "emptyDir": {}}
    for name, annotations, more in (
            ("container", talend(), {"containers": [container(agent)]}),
            ("init-container", talend(**STATIC), {"initContainers": [container(f"{agent}-init")]}),
            ("other-list", talend(), {"initContainers": [container(agent)]}),
            ("volume", talend(), {"volumes": [volume]}),
            ("token-volume", talend(), {"volumes": [{"name": "tvsi-sa-token", "emptyDir": {}}],
                                        "automountServiceAccountToken": False}),
            ("path", talend(), {"volumes": [data], "containers": [
                container("app", volumeMounts=[mount("data", "/opt/talend/secrets")])]}),
            ("below", talend(), {"volumes": [data], "containers": [
                container("app", volumeMounts=[mount("data", "/opt/talend")])]}),
            ("port", talend(mode="proxy"), {"containers": [container("app", ports=[{"containerPort": 8200}])]}),
            ("host-network", talend(mode="proxy"), {"hostNetwork": True}),
            ("windows", talend(), {"os": {"name": "windows"}}),
            ("gate", talend(), {"schedulingGates": [{"name": "example.com/a"}]}),
            ("read-only-mount", talend(), {"volumes": [{"name": "secrets", "emptyDir": {}}], "containers": [
                container("app", volumeMounts=[{**mount("secrets", "/s"), "readOnly": True}])]}),
            ("sub-path", talend(secrets_hook="on"), {"volumes": [{"name": "secrets", "emptyDir": {}}], "containers": [
                container("app", volumeMounts=[{**mount("secrets", "/s"), "subPath": "a"}])]})):
        yield Case(f"taken-{name}", pod(name, annotations, **more), either)


def with_other_settings():
    prefix = "vault.example.com"
    labels = {"app": "shop", "service": "checkout"}
    for name, annotations in (
            ("plain", talend(prefix)), ("static", talend(prefix, **STATIC)), ("proxy", talend(prefix, mode="proxy")),
            ("hook", talend(prefix, secrets_hook="on")), ("native", talend(prefix, sidecars="native"))):
        yield Case(f"settings-{name}", pod(name, annotations, labels=labels), group="settings")
    for name, annotations in (("plain", talend()), ("static", talend(**STATIC)), ("proxy", talend(mode="proxy")),
                              ("native", talend(sidecars="native", mode="secrets,proxy"))):
        yield Case(f"tls-{name}", pod(name, annotations), group="tls")
        yield Case(f"tls-{name}-no-token", pod(name, annotations, automountServiceAccountToken=False), group="tls")
    yield Case("settings-before", pod("before", talend()), group="settings")
    for group in ("native", "container"):
        yield Case(f"{group}-plain", pod("plain", talend()), group=group)
        yield Case(f"{group}-static", pod("static", talend(**STATIC)), group=group)
        yield Case(f"{group}-ends", pod("ends", talend(), restartPolicy="Never"), (INJECTED, UNSERVED), group=group)
        yield Case(f"{group}-other", pod("other", talend(sidecars="auto")), group=group)


# MARK: Generated

class Generator:
    """Pods of served annotations, and of what else pods have; the same pods for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def sometimes(self, share=0.3):
        return self.random.random() < share

    def one(self, *choices):
        return self.random.choice(choices)

    def pod(self, index):
        annotations, modes = self.annotations()
        spec = self.spec()
        thing = pod(f"generated-{index:03}", annotations, **spec)
        if self.sometimes(0.1):
            generated(thing)
        if self.sometimes(0.5):
            annotations |= {"example.com/team": "shop", "sidecar.example.com/inject": "true"}
        if "job" in modes:
            thing["spec"]["restartPolicy"] = self.one("Never", "OnFailure")
        return thing

    def annotations(self):
        modes = self.one(None, None, None, "secrets", "proxy", "secrets,proxy", "proxy,secrets", "job")
        words = {"mode": modes} if modes is not None else {}
        if self.sometimes(0.2):
            words["auth"] = self.one("kubernetes", "Kubernetes", "")
        if self.sometimes(0.4):
            words["secrets_type"] = self.one("static", "dynamic", "STATIC", "")
        if self.sometimes(0.2):
            words["secrets_injection_method"] = self.one("file", "File", "")
        if self.sometimes():
            words["sidecars"] = self.one("auto", "container", "native", "native") if modes != "job" else "native"
        if modes != "job" and self.sometimes():
            words["secrets_hook"] = self.one("y", "yes", "true", "On", "no", "")
        if modes and "proxy" in modes and self.sometimes(0.6):
            words["proxy_port"] = self.one("8200", "1", "80", "443", "8125", "65535", "")
        if self.sometimes(0.2):
            words["vault_image"] = self.one("registry.example.com/vault:1", "hashicorp/vault:1.21", "")
        words |= self.files()
        annotations = talend(**words)
        annotations["sidecar.vault.talend.org/inject"] = self.one("true", "yes", "on", "Y", "TRUE")
        annotations["sidecar.vault.talend.org/role"] = self.one("web", "shop-checkout", "a role", "r\u00f4le", "team/x")
        if self.sometimes(0.2):
            # The label names the role.
            del annotations["sidecar.vault.talend.org/role"]
        return annotations, modes or ""

    def files(self):
        """How many files there are, from what, and what runs after each."""
        count = self.one(1, 1, 1, 2, 3, 5)
        words = {}
        names = self.random.sample(
            ("a", "b.env", "conf/app.yaml", "app.properties", ".hidden", "x y", "\u00fc", "c"), count)
        if count > 1 or self.sometimes():
            words["secrets_destination"] = ",".join(names)
        if self.sometimes():
            words["secrets_template"] = "---".join(self.template() for _ in range(count))
        elif count > 1 or self.sometimes():
            words["secrets_path"] = ",".join(self.one("secret/a", "kv/data/team/app", "database/creds/app-ro", "a b",
                                                      "secret/\u00fc", "pki/issue/x") for _ in range(count))
        if self.sometimes():
            words["notify"] = ",".join(
                self.one("", "kill -HUP 1", "sh -c 'pkill -HUP nginx || true'", "reload > /dev/null")
                for _ in range(self.one(1, count)))
        return words

    def template(self):
        return self.one(TEMPLATE, f"\n{TEMPLATE}\n", "{{ with secret `kv/data/a` }}{{ .Data.data.x }}{{ end }}",
                        "# {{ with secret \"a\" }}{{ range $k, $v := .Data }}{{ $k }}='{{ $v }}'\n{{ end }}{{ end }}",
                        "{\"a\": \"\\u00fc\",\n\t\"b\": [1, 2]}", "\u00fc \u2028 end", "- - -\n  indented\n\n")

    def spec(self):
        names = self.random.sample(("app", "worker", "log", "web"), self.one(1, 1, 2, 3))
        spec = {"containers": [self.container(name) for name in names]}
        if self.sometimes():
            spec["initContainers"] = [self.container(f"init-{index}", starts=False)
                                      for index in range(self.one(1, 2, 3))]
            if self.sometimes():
                spec["initContainers"][-1]["restartPolicy"] = "Always"
        elif self.sometimes(0.1):
            spec["initContainers"] = self.one([], None)
        if self.sometimes():
            spec["restartPolicy"] = self.one("Always", "Always", "Never", "OnFailure")
        if self.sometimes(0.2):
            spec["automountServiceAccountToken"] = False
        if self.sometimes(0.2):
            spec["securityContext"] = {"runAsNonRoot": True, "fsGroup": 1000}
        mounted = {each["name"] for key in ("containers", "initContainers") for one in spec.get(key) or []
                   for each in one.get("volumeMounts") or []}
        volumes = [{"name": name, "emptyDir": {}} for name in sorted(mounted)]
        if volumes or self.sometimes(0.1):
            spec["volumes"] = volumes
        return spec

    def container(self, name, starts=True):
        made = container(name)
        if self.sometimes():
            made["command"] = self.one(["sleep", "1"], ["sh", "-c", "exec app --port=$PORT"])
        mounts = [self.one(mount("data", "/data"), mount("secrets", "/opt/talend/secrets"), mount("secrets", "/etc/s"))
                  for _ in range(self.one(0, 0, 1))]
        if mounts or self.sometimes(0.1):
            made["volumeMounts"] = mounts
        if self.sometimes(0.2):
            made["env"] = [{"name": "A", "value": "b"}]
        if starts and self.sometimes(0.2):
            made["lifecycle"] = self.one({"preStop": {"exec": {"command": ["sleep", "5"]}}},
                                         {"postStart": {"exec": {"command": ["true"]}}}, {})
        return made


def generated_pods(count=500, kept=200, seed=16):
    generator = Generator(seed)
    for index in range(count):
        yield Case(f"generated-{index:03}", generator.pod(index), is_kept=index < kept)


# What means something to somebody on the way: YAML, CEL, the shell, HCL, Go's templates, JSON Patch, the injector.
PIECES = (
    "'", '"', '\\', '`', '$', '${', '$(', '$$', '%', '%{', '%s', '{{', '}}', '{{- ', ' -}}', '~', '~1', '/', ',', '-',
    '---', '<<', 'TEMPLATE', 'END', 'EOF', '\n', '\n\n', '\nTEMPLATE\n', '\nEND\n', ' ', '  ', '\t', '\r', '\x01',
    '\x1b', '\x7f', '\x85', '\xa0', '\xfc', 'u\u0308', '\u2028', '\ufeff', '\U0001f512', '#', '//', '/*', ';', '|',
    '&', '!', '*', '?', '[', ']', ':', '=', '\\n', '\\u0041', '\\\\', 'a', 'b', 'secret/', '..', '.', '0', 'true',
    'null', '\\x00', '<no value>', '{% raw %}', '@', '^')


def wild_pods(count=400, seed=36):
    """Pods with anything in their annotations: whatever the program makes of one, the policies have to do the same."""
    generator = random.Random(seed)

    def text():
        return "".join(generator.choice(PIECES) for _ in range(generator.choice((1, 1, 2, 3, 5, 12))))

    keys = ("secrets_path", "secrets_destination", "notify", "role", "secrets_template", "vault_image", "proxy_port",
            "mode", "sidecars", "secrets_type", "secrets_hook", "auth", "inject", "secrets_injection_method")
    for index in range(count):
        words = {key: text() for key in generator.sample(keys[:6], generator.choice((1, 1, 2, 4)))}
        if generator.random() < 0.1:
            words[generator.choice(keys)] = text()
        if generator.random() < 0.3:
            words["secrets_type"] = "static"
        if generator.random() < 0.2:
            words["secrets_hook"] = "on"
        labels = LABELS if generator.random() < 0.9 else {"com.talend.service": "a"}
        yield Case(f"wild-{index:03}", pod("wild", talend(**words), labels=labels),
                   (INJECTED, UNSERVED, REFUSED, UNTOUCHED), is_kept=False)


# MARK: Recorded

def recorded_pods():
    """Talend's recorded pods, as they were before the webhook."""
    for case in recorded("talend/cases.jsonl"):
        yield Case(f"recorded-{case['name']}", without_token(admissible(case["input"])),
                   (INJECTED, UNSERVED, REFUSED, UNTOUCHED), is_recorded=True)


def without_token(thing):
    """Leaves it to the cluster to mount the token, as it does for whatever it is sent."""
    thing = copy.deepcopy(thing)
    spec = thing["spec"]
    spec["volumes"] = [each for each in spec["volumes"] if not each["name"].startswith("kube-api-access")]
    for each in spec["containers"] + (spec.get("initContainers") or []):
        mounts = each.get("volumeMounts") or []
        each["volumeMounts"] = [one for one in mounts if not one["name"].startswith("kube-api-access")]
    return thing


def cases():
    return [*made_by_hand(), *of_every_size(), *with_names_that_are_taken(), *with_other_settings(),
            *generated_pods(), *wild_pods(), *recorded_pods()]
