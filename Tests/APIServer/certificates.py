"""The certificates of a run: authorities, servers, clients, and those that are wrong in one way each."""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from access import AUTHORITY

DAY = datetime.timedelta(days=1)


@dataclass
class Certificate:
    certificate_path: Path
    key_path: Path
    certificate: object
    key: object

    @property
    def text(self):
        return self.certificate_path.read_text()

    @property
    def key_text(self):
        return self.key_path.read_text()


def name_of(common, organizations=()):
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, each) for each in organizations]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def alternative(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Workshop:
    """Makes certificates into a folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.now = datetime.datetime.now(datetime.timezone.utc)

    def authority(self, file, common):
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self.builder(name_of(common), name_of(common), key, self.now + 2 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return self.keep(file, builder.sign(key, hashes.SHA256()), key)

    def server(self, file, authority, names, expired=False):
        key = ec.generate_private_key(ec.SECP256R1())
        until = self.now - DAY if expired else self.now + 2 * DAY
        builder = self.builder(name_of("kube-apiserver"), authority.certificate.subject, key, until)
        builder = builder.add_extension(x509.SubjectAlternativeName([alternative(name) for name in names]), False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        return self.keep(file, builder.sign(authority.key, hashes.SHA256()), key)

    def client(self, file, authority, common, organizations=(), expired=False):
        key = ec.generate_private_key(ec.SECP256R1())
        until = self.now - DAY if expired else self.now + 2 * DAY
        builder = self.builder(name_of(common, organizations), authority.certificate.subject, key, until)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        return self.keep(file, builder.sign(authority.key, hashes.SHA256()), key)

    def builder(self, subject, issuer, key, until):
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(self.now - 30 * DAY)
                .not_valid_after(until))

    def keep(self, file, certificate, key):
        paths = self.folder / f"{file}.crt", self.folder / f"{file}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))
        paths[1].chmod(0o600)
        return Certificate(*paths, certificate, key)


class Certificates:
    """All of a run's."""

    def __init__(self, folder):
        make = Workshop(folder)
        names = ["127.0.0.1", "::1", "localhost", "kubernetes", "kubernetes.default.svc"]
        self.authority = make.authority("ca", AUTHORITY)
        self.other_authority = make.authority("other-ca", "another-test-ca")
        self.server = make.server("server", self.authority, names)
        self.expired = make.server("expired", self.authority, names, expired=True)
        self.wrong_name = make.server("wrong-name", self.authority, ["kubernetes.example.com"])
        self.stranger = make.server("stranger", self.other_authority, names)
        self.admin = make.client("admin", self.authority, "certificate-admin", ["system:masters"])
        self.viewer = make.client("viewer", self.authority, "certificate-viewer", ["viewers"])
        self.expired_client = make.client("expired-client", self.authority, "certificate-admin", ["system:masters"],
                                          expired=True)
        self.strange_client = make.client("strange-client", self.other_authority, "stranger", ["system:masters"])
