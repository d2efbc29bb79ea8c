"""Keeps mail inside the company.

Takes recipients outside the listed domains off a mail, and refuses it when nobody is left. The
changed mail is judged by the policy again. Set DOMAINS and TOOLS to yours.
"""

DOMAINS = {"acme.example", "partner.example"}
TOOLS = {"email.send", "mail.send"}
FIELDS = ("to", "cc", "bcc")


def inside(address):
    name, at, domain = str(address).strip().rstrip(">").rpartition("@")
    return bool(at) and bool(name) and domain.lower() in DOMAINS


def on_toolcall(ctx, tool_name, payload):
    if tool_name not in TOOLS:
        return None
    kept, dropped = dict(payload), []
    for field in FIELDS:
        if field in payload:
            value = payload[field]
            addresses = value if isinstance(value, list) else [value]
            good = [address for address in addresses if inside(address)]
            dropped += [str(address) for address in addresses if not inside(address)]
            kept[field] = good if isinstance(value, list) else (good[0] if good else "")
    if not dropped:
        return None
    print(f"dropped {len(dropped)} recipients of a mail of {ctx['model_id']}")
    if not any(kept.get(field) for field in FIELDS):
        return {"action": "deny", "reason": "Every recipient is outside the company."}
    return {"action": "modify", "payload": kept, "reason": "Recipients outside were taken off."}
