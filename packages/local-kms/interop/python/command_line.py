"""The AWS CLI, as a process of its own."""

import base64
import json
import subprocess
import sys
from pathlib import Path

from trials import same, trial


def try_all(folder):
    with trial("aws kms create-key, encrypt and decrypt"):
        key = aws("create-key")["KeyMetadata"]["KeyId"]
        place = Path(folder)
        (place / "plaintext").write_bytes(b"by the command line")
        context = ("--encryption-context", "tenant=acme")
        blob = aws("encrypt", "--key-id", key, "--plaintext", f"fileb://{place / 'plaintext'}", *context)
        (place / "blob").write_bytes(base64.b64decode(blob["CiphertextBlob"]))
        opened = aws("decrypt", "--ciphertext-blob", f"fileb://{place / 'blob'}", *context)
        same(base64.b64decode(opened["Plaintext"]), b"by the command line")
    with trial("aws kms says what KMS refused"):
        answer = run("decrypt", "--ciphertext-blob", f"fileb://{place / 'blob'}")
        same(answer.returncode != 0 and "InvalidCiphertextException" in answer.stderr, True)


def aws(*words):
    answer = run(*words)
    if answer.returncode != 0:
        raise AssertionError(answer.stderr.strip())
    return json.loads(answer.stdout)


def run(*words):
    command = [sys.executable, "-I", "-m", "awscli", "kms", *words, "--output", "json"]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
