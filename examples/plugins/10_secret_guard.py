"""Keeps credentials where they are.

Refuses calls whose arguments hold something that looks like a credential, and takes credentials
out of results before an agent sees them. Copy it into the folder plugins/ of your configuration.
"""

import re

KINDS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "cloud access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "code host token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    "chat token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    "web token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}\b"),
}


def texts(value):
    """Every string in a JSON value, names of members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)


def kind_of(text):
    return next((kind for kind, pattern in KINDS.items() if pattern.search(text)), None)


def without(value):
    """The same value with credentials replaced."""
    if isinstance(value, str):
        for kind, pattern in KINDS.items():
            value = pattern.sub(f"[{kind} removed]", value)
        return value
    if isinstance(value, dict):
        return {without(name): without(member) for name, member in value.items()}
    if isinstance(value, list):
        return [without(member) for member in value]
    return value


def on_toolcall(ctx, tool_name, payload):
    for text in texts(payload):
        kind = kind_of(text)
        if kind:
            return {"action": "deny", "reason": f"The arguments hold a {kind}."}


def on_toolresult(ctx, tool_name, payload, result):
    cleaned = without(result)
    if cleaned != result:
        return {"action": "modify", "result": cleaned, "reason": "Credentials were removed."}
