"""Root file systems for the images that pods name."""

import os
import shutil
import subprocess
from pathlib import Path

from needs import TOOLS, bao


class Image:
    """What a container sees below its volumes, before anything of the pod is added."""

    def __init__(self, arguments, path, home=None):
        self.arguments = arguments
        self.path = path
        # What /etc/passwd says of the user that agents run as; None where it says nothing.
        self.home = home


def image(name):
    """Vault's images are small like the real ones; an application's holds what this machine has."""
    repository = name.split("@")[0].rsplit(":", 1)[0]
    if repository.endswith(("/vault", "/bash-vault")):
        return vault_image("bash" if repository.endswith("/bash-vault") else "busybox")
    if repository == "openbao/openbao":
        return openbao_image()
    if repository.endswith("/consul-template"):
        return consul_template_image()
    if repository == "busybox":
        return busybox_image()
    if repository.endswith("/vaultinjector-env"):
        return Image(["--ro-bind", str(TOOLS / "vaultinjector-env"), "/vaultinjector-env"], "/")
    if "/no-shell/" in name:
        return shell_less_image()
    host = ["--ro-bind", "/usr", "/usr"]
    for folder in ("bin", "sbin", "lib", "lib64"):
        host += ["--symlink", f"usr/{folder}", f"/{folder}"]
    return Image(host, "/usr/local/bin:/usr/bin:/bin")


def vault_image(shell):
    """Busybox and `vault`, as in Alpine Linux, or this machine's programs and `vault`, with bash as `sh`."""
    if shell == "busybox":
        return Image(["--ro-bind", str(busybox_folder("vault")), "/bin"], "/bin", home="/home/vault")
    folder = TOOLS / "images" / "vault-bash"
    if not folder.exists():
        folder.mkdir(parents=True)
        place(bao(), folder / "vault")
        (folder / "sh").symlink_to("/usr/bin/bash")
    host = image("host").arguments
    return Image([*host, "--ro-bind", str(folder), "/vault"], "/vault:/usr/bin:/bin")


def openbao_image():
    """Busybox and `bao`, with `vault` as a link to it, which the newer images have beside it."""
    folder = TOOLS / "images" / "openbao"
    if not folder.exists():
        folder.mkdir(parents=True)
        place(bao(), folder / "bao")
        (folder / "vault").symlink_to("bao")
    return Image(["--ro-bind", str(busybox_folder("busybox")), "/bin", "--ro-bind", str(folder), "/usr/bin"],
                 "/usr/bin:/bin", home="/home/openbao")


def consul_template_image():
    """The real program where CONSUL_TEMPLATE names it, else what OpenBao's agent has of it."""
    folder = busybox_folder("consul-template")
    program = folder / "consul-template"
    if not program.exists():
        place(os.environ.get("CONSUL_TEMPLATE") or Path(__file__).with_name("consul-template.sh"), program)
        place(bao(), folder / "vault")
    return Image(["--ro-bind", str(folder), "/bin"], "/bin")


def busybox_image():
    return Image(["--ro-bind", str(busybox_folder("busybox")), "/bin"], "/bin")


def busybox_folder(name):
    folder = TOOLS / "images" / name
    if not folder.exists():
        folder.mkdir(parents=True)
        place(shutil.which("busybox"), folder / "busybox")
        for applet in subprocess.check_output(["busybox", "--list"], text=True).split():
            if applet != "busybox":
                (folder / applet).symlink_to("busybox")
        if name == "vault":
            place(bao(), folder / "vault")
    return folder


def shell_less_image():
    """One static program that prints its environment, and nothing else."""
    folder = TOOLS / "images" / "no-shell"
    if not folder.exists():
        folder.mkdir(parents=True)
        place(shutil.which("busybox"), folder / "env")
    return Image(["--ro-bind", str(folder), "/app"], "/app")


def place(source, target):
    """Links a program where the file system allows it, to spare a copy of a large one."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
