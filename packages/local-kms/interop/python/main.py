"""Uses the local KMS as any program uses KMS, and has OpenSSL judge its cryptography. Writes `outcome.json` to a folder.

Credentials, Region and the address of KMS come from the environment alone.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import boto3

# Isolated from what else is on the machine, but not from its neighbours.
sys.path.insert(0, str(Path(__file__).parent))

import asymmetric
import command_line
import symmetric
from trials import RESULTS

PACKAGES = ("boto3", "awscli", "cryptography")

folder = Path(sys.argv[1])
client = boto3.client("kms")
symmetric.try_all(client)
asymmetric.try_all(client)
command_line.try_all(folder)
outcome = {"versions": [f"{name} {version(name)}" for name in PACKAGES], "results": RESULTS}
(folder / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")
