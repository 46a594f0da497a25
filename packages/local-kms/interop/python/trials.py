"""Small parts of the trials: how one is named, kept and judged."""

import traceback
from contextlib import contextmanager

from botocore.exceptions import ClientError

RESULTS = []


@contextmanager
def trial(name):
    """One line of the outcome: what was tried, and what went wrong where something did."""
    problem = None
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
        where = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__}: {error} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"
    RESULTS.append({"name": name, "problem": problem})


def same(found, wanted):
    if found != wanted:
        raise AssertionError("something else came out")


def refused(error, call, **members):
    """That KMS refuses, by the class that the client makes of the error's name."""
    try:
        call(**members)
    except error:
        return
    except ClientError as other:
        raise AssertionError(f"refused with {other.response['Error']['Code']}") from other
    raise AssertionError("it was not refused")
