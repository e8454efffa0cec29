#!/usr/bin/env python3
"""Makes folders of images, and files about some, as image tools do: in the working directory, or what tests ask for."""

import hashlib
import json
import pathlib

IMAGE = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


def config(entrypoint=None, arguments=None, architecture="amd64", system="linux", **more):
    """An image's configuration, with variables that nobody is to see."""
    return {"architecture": architecture, "os": system, **more,
            "config": {"Env": ["PATH=/bin", "TOKEN=s3cr3t"], "Entrypoint": entrypoint, "Cmd": arguments},
            "rootfs": {"type": "layers", "diff_ids": []}}


class Layout:
    """A folder in the OCI layout."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "blobs/sha256").mkdir(parents=True)
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        self.parts = []

    def blob(self, value, media_type, **more):
        """What names the value's file."""
        content = json.dumps(value).encode()
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content), **more}

    def image(self, *words, media_type=CONFIG, **options):
        """What names an image that starts these words."""
        content = config(*words, **options)
        part = self.blob({"schemaVersion": 2, "mediaType": IMAGE, "config": self.blob(content, media_type),
                          "layers": []}, IMAGE)
        return {**part, "platform": {"architecture": content["architecture"], "os": content["os"]}}

    def list(self, *images):
        """What names a list of images."""
        return self.blob({"schemaVersion": 2, "mediaType": INDEX, "manifests": images}, INDEX)

    def add(self, part, name=None, **annotations):
        """Puts an image into the index, with its name in full or as a mere tag."""
        if name:
            annotations["org.opencontainers.image.ref.name"] = name
        self.parts.append({**part, "annotations": annotations})
        (self.folder / "index.json").write_text(
            json.dumps({"schemaVersion": 2, "manifests": self.parts}, indent=2))
        return part["digest"]

    def path(self, part):
        return self.folder / "blobs" / part["digest"].replace(":", "/")


def whole():
    layout = Layout("layout")
    layout.add(layout.image(["/shop"], ["serve", "--port=80"]), "shop:1")
    layout.add(layout.image(["/team"], None), "1", **{"io.containerd.image.name": "registry.test/team/shop:1"})
    signature = layout.blob({"schemaVersion": 2, "config": {}}, IMAGE)
    arm = layout.image(["/shop"], ["serve"], architecture="arm64")
    layout.add(layout.list(layout.image(["/shop"], ["serve"]), arm, {
        **signature, "platform": {"architecture": "unknown", "os": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}), "quay.test/both:1")
    # Of which only one platform was copied.
    away = layout.image(["/other"], architecture="s390x")
    layout.path(away).unlink()
    layout.add(layout.list(layout.image(["/one"]), away), "copied:1")
    layout.add(layout.list(layout.image(["/x86"]), layout.image(["/arm"], architecture="arm64"),
                           layout.image(["C:\\x.exe"], system="windows")), "registry.test:5000/differ:1")
    layout.add(layout.image(["C:\\x.exe"], system="windows"), "windows:1")
    layout.add(layout.image(), "nothing:1")
    layout.add(layout.image([""]), "nameless:1")
    layout.add(layout.image("/shop"), "shell:1")
    layout.add(layout.image(["/shop"], [1]), "number:1")
    layout.add(layout.image(["/chart"], media_type="application/vnd.cncf.helm.config.v1+json"), "chart:1")
    changed, cut = layout.image(["/changed"]), layout.image(["/cut"])
    layout.path(changed).write_text("{}")
    layout.path(cut).write_bytes(layout.path(cut).read_bytes()[:-9])
    layout.add(changed, "changed:1")
    layout.add(cut, "cut:1")
    gone = layout.image(["/gone"])
    layout.path(gone).unlink()
    layout.add(gone, "gone:1")
    layout.add({**layout.image(["/long"]), "digest": "sha512:" + "a" * 128}, "long:1")
    deep = layout.image(["/deep"])
    for _ in range(12):
        deep = layout.list(deep)
    layout.add(deep, "deep:1")
    (pathlib.Path("digests")).write_text(f"ARM={arm['digest']}\n")


def others():
    tagged = Layout("tagged")
    tagged.add(tagged.image(["/one"]), "1")
    tagged.add(tagged.image(["/two"]), "2")
    single = Layout("single")
    single.add(single.image(["/single"], ["x"]))
    saved = pathlib.Path("saved")
    saved.mkdir()
    entries = []
    for words, tag, folder in ((["/saved"], "saved:1", "blobs/sha256/"), (["/old"], "old:1", "")):
        content = json.dumps(config(words)).encode()
        path = saved / (folder + hashlib.sha256(content).hexdigest() + ("" if folder else ".json"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        entries.append({"Config": str(path.relative_to(saved)), "RepoTags": [tag], "Layers": []})
    (saved / "manifest.json").write_text(json.dumps(entries))
    for name, content in {
            "cmd.json": config(None, ["/cmd", "x"]), "dollars.json": config(["sh", "-c", "echo $$ $HOME $(id) $"]),
            "bare.json": {"Entrypoint": ["/bare"], "Cmd": None}, "odd.json": config("/odd"),
            "arm.json": config(["/arm"], architecture="arm64"),
            "inspected.json": [
                {"RepoTags": ["inspected:latest", "inspected:2"], "Os": "linux", "Architecture": "amd64",
                 "RepoDigests": ["inspected@sha256:" + "b" * 64], "Config": config(["/inspected"])["config"]},
                {"RepoTags": ["second:1"], "Os": "linux", "Architecture": "amd64",
                 "Config": config(["/second"])["config"]}],
            "manifest.json": {"schemaVersion": 2, "config": {}, "layers": []},
            "skopeo.json": {"Name": "shop", "Digest": "", "Layers": []}}.items():
        pathlib.Path(name).write_text(json.dumps(content))


def tools():
    """What tools write that put more, or less, into a folder than images with names."""
    flat = Layout("flat")
    for architecture in ("amd64", "arm64"):
        flat.add(flat.image(["/flat"], architecture=architecture))
    apart = Layout("apart")
    apart.add(apart.image(["/x86"]), "shop:1")
    apart.add(apart.image(["/arm"], architecture="arm64"), "shop:1")
    several = Layout("several")
    several.add(several.list(several.image(["/a"])))
    several.add(several.list(several.image(["/b"])))
    signed = Layout("signed")
    signed.add(signed.image(["/signed"]), kind="dev.cosignproject.cosign/image")
    signed.add(signed.image([]), kind="dev.cosignproject.cosign/sigs")
    referred = Layout("referred")
    image = referred.image(["/referred"])
    referred.add(image)
    referred.add(referred.blob({"schemaVersion": 2, "subject": image, "config": {}, "layers": []}, IMAGE))
    saved = pathlib.Path("spoilt")
    saved.mkdir()
    entries = []
    for name, content in (("spoilt:1", config("/spoilt", history="x" * 500)), ("shop:1", config(["/shop"]))):
        text = json.dumps(content).encode()
        path = saved / (hashlib.sha256(text).hexdigest() + ".json")
        path.write_bytes(text)
        entries.append({"Config": path.name, "RepoTags": [name], "Layers": []})
    (saved / "manifest.json").write_text(json.dumps(entries))
    pathlib.Path("container.json").write_text(json.dumps(
        [{"State": {"Status": "running"}, "Config": {"Cmd": ["/run"], "Env": ["TOKEN=s3cr3t"]}}]))


if __name__ == "__main__":
    whole()
    others()
    tools()
