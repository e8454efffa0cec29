"""Small workloads for what the examples do not show."""

import json

# The annotations' prefix, and the one that asks for injection.
TALEND = ("sidecar.vault.talend.org", "inject")
HASHICORP = ("vault.hashicorp.com", "agent-inject")
OPENBAO = ("openbao.org", "agent-inject")
WAIT_FOREVER = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"


def workload(folder, annotations, script=WAIT_FOREVER, kind="Deployment", command=None, image="registry.test/app:1",
             account="app", labels=None, pod=None, container=None, dialect=TALEND):
    """Writes a manifest with one container that runs a script, and gives its path.

    Keys of `annotations` come without the prefix; `pod` and `container` add to what the pod and its container hold.
    """
    main = {"name": "app", "image": image, "command": command or ["sh", "-c", script], **(container or {})}
    prefix, request = dialect
    annotations = {f"{prefix}/{key}": value for key, value in {request: "true", **annotations}.items()}
    spec = {"serviceAccountName": account, "containers": [main], **(pod or {})}
    if kind == "Job":
        spec.setdefault("restartPolicy", "Never")
    template = {"metadata": {"labels": labels or {"app": "app"}, "annotations": annotations}, "spec": spec}
    manifest = {
        "apiVersion": "batch/v1" if kind == "Job" else "apps/v1",
        "kind": kind,
        "metadata": {"name": "app"},
        "spec": {"template": template},
    }
    if kind != "Job":
        manifest["spec"]["selector"] = {"matchLabels": {"app": "app"}}
    path = folder / f"manifest-{len(list(folder.glob('manifest-*')))}.json"
    path.write_text(json.dumps(manifest, indent=2))
    return path
