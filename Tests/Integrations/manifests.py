"""Manifests of an annotated Deployment, as each tool spells them."""

ANNOTATED = """\
apiVersion: apps/v1   # the API
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    metadata:
      annotations:
        sidecar.vault.talend.org/inject: "true"
        sidecar.vault.talend.org/role: 'shop'
        sidecar.vault.talend.org/secrets-path: secret/shop
    spec:
      containers:
      - name: app   # ours
        image: app:1
"""
REFUSED = ANNOTATED.replace('"true"', "true")
PLAIN = """\
apiVersion: v1
kind: Service
metadata: {name: web}   # the front
"""


def without_added_lines(before, after):
    """What of a text is left where the lines that were added are taken out again; None where lines were changed."""
    rest = iter(after.splitlines())
    return before if all(line in rest for line in before.splitlines()) else None
