"""Makes instances of the types that OpenAI's Python package publishes, as lines of JSON.

    python openai_types.py openai-types.jsonl.gz

Each line has the kind of place where the instance stands (item, tool, event, …), the name of the
type, what is particular about the instance, and the instance. Of each type there is one with only
what is required, one with everything, and one for each form of each field at whatever depth: each
literal, each member of a union, null where it may be. What has a place of its own, as an item in
an event has, stands elsewhere only in its first form. The same instance is made once.
"""

import gzip
import json
import sys
import types
import typing

import openai
import pydantic
import typing_extensions
from openai.types import conversations, responses
from openai.types.responses import response_create_params, tool_param

DEEP = 7
ANY = {"any": "thing"}

# The places, each with what may stand there.
PLACES = {
    "item": [
        responses.ResponseInputItemParam,
        responses.ResponseItem,
        responses.ResponseOutputItem,
        conversations.ConversationItem,
    ],
    "tool": [tool_param.ToolParam, responses.Tool],
    "tool_choice": [response_create_params.ToolChoice],
    "event": [responses.ResponseStreamEvent],
    "response": [responses.Response],
    "request": [response_create_params.ResponseCreateParamsBase],
}


def members(union):
    """The types that a union is of."""
    union = bare(union)
    return typing.get_args(union) if is_union(union) else (union,)


def bare(kind):
    """A type without what only describes it."""
    while True:
        origin = typing.get_origin(kind)
        if origin in (typing.Annotated, typing_extensions.Required, typing_extensions.NotRequired):
            kind = typing.get_args(kind)[0]
        elif isinstance(kind, typing_extensions.TypeAliasType):
            kind = kind.__value__
        elif isinstance(kind, typing.TypeVar):
            kind = object
        else:
            return kind


def is_union(kind):
    """Whether a type is one of several."""
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def is_model(kind):
    return isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)


def fields(kind):
    """The fields of a class: name on the wire, type, whether required."""
    if is_model(kind):
        for name, field in kind.model_fields.items():
            hint = field.annotation
            yield field.alias or name, hint, field.is_required() or name == "call_id"
        return
    hints = typing_extensions.get_type_hints(kind, include_extras=True)
    aliases = {
        name: args[1:]
        for name, hint in hints.items()
        if typing.get_origin(inner(hint)) is typing.Annotated
        for args in [typing.get_args(inner(hint))]
    }
    for name, hint in hints.items():
        alias = next((a.alias for a in aliases.get(name, ()) if getattr(a, "alias", None)), name)
        origin = typing.get_origin(hint)
        required = kind.__total__ and origin is not typing_extensions.NotRequired
        # Without it an output answers no call.
        always = name == "call_id"
        yield alias, hint, required or always or origin is typing_extensions.Required


def inner(hint):
    origin = typing.get_origin(hint)
    if origin in (typing_extensions.Required, typing_extensions.NotRequired):
        return typing.get_args(hint)[0]
    return hint


def is_class(kind):
    return is_model(kind) or typing_extensions.is_typeddict(kind)


def plain(name, kind):
    """The one instance of a type that has no forms, or None."""
    if kind is str:
        return "2" if name.endswith("_id") else name or "text"
    if kind is bool:
        return True
    if kind is int:
        return 7
    if kind is float:
        return 7 if name.endswith("_at") else 0.5
    return None


def first(name, kind, depth, full):
    """One instance of a type."""
    if is_union(bare(kind)):
        kind = next(m for m in typing.get_args(bare(kind)) if bare(m) is not type(None))
    return next(iter(forms(name, kind, depth, full, spread=False)))[1]


def forms(name, kind, depth, full, spread=True):
    """The instances of a type, each with what is particular about it."""
    kind = bare(kind)
    value = plain(name, kind)
    if value is not None:
        yield "", value
        return
    origin = typing.get_origin(kind)
    if kind is type(None):
        yield "null", None
    elif origin is typing.Literal:
        literals = sorted(typing.get_args(kind), key=lambda literal: literal != "user")
        for literal in literals if spread else literals[:1]:
            yield str(literal), literal
    elif is_union(kind):
        one_of = [m for m in typing.get_args(kind) if bare(m) is not type(None)]
        for member in one_of if spread else one_of[:1]:
            for what, each in forms(name, member, depth, full, spread):
                yield label(member, what), each
        if spread and len(one_of) < len(typing.get_args(kind)):
            yield "null", None
    elif is_class(kind):
        yield from of_class(kind, depth, full, spread)
    elif origin in (dict, typing.get_origin(typing.Mapping[str, str])) or kind is dict:
        args = typing.get_args(kind)
        yield "", {"key": first("value", args[1], depth + 1, full) if args else ANY}
    elif origin in (list, tuple) or "Iterable" in str(origin) or "Sequence" in str(origin):
        (element,) = typing.get_args(kind)[:1]
        for what, each in forms(name, element, depth, full, spread):
            yield what, [each]
    elif kind is object or kind is typing.Any:
        yield "", ANY
    else:
        raise TypeError(f"no instance of {kind} for {name}")


def label(kind, what):
    name = getattr(bare(kind), "__name__", "")
    return f"{name}.{what}".strip(".")


def of_class(kind, depth, full, spread):
    every = list(fields(kind))
    wanted = [f for f in every if f[2] or (full and depth < DEEP)]
    whole = {name: first(name, hint, depth + 1, full) for name, hint, _ in wanted}
    yield "full" if full else "least", whole
    if not spread or depth >= DEEP or (depth > 0 and kind in AT_HOME):
        return
    least = {name: whole[name] for name, _, required in every if required}
    for name, hint, _ in every:
        for what, value in forms(name, hint, depth + 1, full):
            yield f"{name}={what}".rstrip("="), {**least, name: value}


AT_HOME = {bare(m) for unions in PLACES.values() for union in unions for m in members(union)}


def instances():
    """All of them, each once."""
    seen = set()
    for place, unions in PLACES.items():
        for union in unions:
            for member in members(union):
                for full in (False, True):
                    for what, value in forms("", member, 0, full):
                        key = place + json.dumps(value, sort_keys=True)
                        if key not in seen:
                            seen.add(key)
                            yield {
                                "place": place,
                                "type": getattr(bare(member), "__name__", str(member)),
                                "what": what,
                                "value": value,
                            }


def main(target):
    lines = [json.dumps(each, separators=(",", ":")) for each in instances()]
    text = "\n".join([json.dumps({"openai": openai.__version__}), *lines]) + "\n"
    with gzip.GzipFile(target, "wb", mtime=0) as file:
        file.write(text.encode())
    print(len(lines), "instances of openai", openai.__version__)


if __name__ == "__main__":
    main(sys.argv[1])
