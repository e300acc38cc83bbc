"""The program's schemas, as an independent validator reads them."""

import json

from cases import Skipped, want

try:
    from jsonschema import Draft202012Validator
except ImportError:
    Draft202012Validator = None

NAMES = ("config", "scenario", "platform", "explanation", "can")
printed = {}


def validator(t, name="explanation", part=None):
    """Of the schema, or of one of its definitions."""
    if Draft202012Validator is None:
        raise Skipped("there is no python3-jsonschema")
    if name not in printed:
        schema = t.run("schema", name).want(0).json()
        Draft202012Validator.check_schema(schema)
        printed[name] = schema
    return Draft202012Validator(printed[name] | ({"$ref": f"#/$defs/{part}"} if part else {}))


def errors_of(checks, value):
    return [f"{e.json_path}: {e.message}" for e in checks.iter_errors(value)]


def is_valid(t, value, name="explanation", part=None):
    errors = errors_of(validator(t, name, part), value)
    want(not errors, "\n".join([*errors, json.dumps(value, indent=2)]))


def places(value, path=()):
    """Every member and item in it that the schema is about, with the way to what holds it."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if path[-1:] not in (("claims",), ("header",), ("context",), ("value",)):
            yield path, key
            yield from places(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value
