"""Through the JSON of a chart: one way to change it, one to look at it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any


def walk(
    node: Any,
    change: Callable[[Any, tuple], Any],
    *,
    skip: Collection[str] = (),
    path: tuple = (),
) -> Any:
    """A copy of `node` in which each part is what `change(part, path)` makes of it.

    A mapping or list is changed before its parts are. What stands under a key in `skip` is kept.

    >>> walk({"a": [1, 2], "b": 3}, lambda part, path: 0 if path == ("a", 1) else part)
    {'a': [1, 0], 'b': 3}
    """
    node = change(node, path)
    if isinstance(node, Mapping):
        return {
            str(k): v if k in skip else walk(v, change, skip=skip, path=(*path, k))
            for k, v in node.items()
        }
    if isinstance(node, (list, tuple)):
        return [walk(v, change, skip=skip, path=(*path, n)) for n, v in enumerate(node)]
    return node


def strings(node: Any, change: Callable[[str], str]) -> Any:
    """A copy of `node` with each string changed; keys stay.

    >>> strings({"a": ["b", 1]}, str.upper)
    {'a': ['B', 1]}
    """
    return walk(node, lambda part, path: change(part) if isinstance(part, str) else part)


def parts(node: Any, *, skip: Collection[str] = ()) -> Iterator[Any]:
    """`node` and all that is in it, from the outside in.

    >>> [part for part in parts({"a": [1, {"b": 2}]}) if isinstance(part, int)]
    [1, 2]
    """
    yield node
    inner = ()
    if isinstance(node, Mapping):
        inner = (v for k, v in node.items() if k not in skip)
    elif isinstance(node, (list, tuple)):
        inner = node
    for part in inner:
        yield from parts(part, skip=skip)
