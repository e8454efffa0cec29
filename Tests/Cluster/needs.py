"""What the API server of the tests is made of."""

from harness import tools


def why_not():
    if not tools.has_modules("cryptography", "h2", "yaml"):
        return "what the server needs cannot be installed: see Tests/requirements.txt"
    return None
