"""The call tree of a profiled run. Exceptions are roots of their own: what they interrupt does not pay for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from tinysim.analyses.causes import Cycles, cycles_of, held_by
from tinysim.analyses.symbols import Names
from tinysim.analyses.timebase import array
from tinysim.record import Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT_NAME = "all"


class NodeKind(IntEnum):
    """What a node of the tree is."""

    ROOT = 0
    CALL = 1
    EXCEPTION = 2
    SLEEP = 3


@dataclass(frozen=True)
class CallNode:
    """One call path. `number` is its node in the record; children by their total, largest first."""

    number: int
    name: str
    kind: NodeKind
    calls: int
    own: Cycles
    total: int
    children: tuple[CallNode, ...]


def call_tree(record: Record, names: Names) -> CallNode:
    """The root; each node's `total` is its own cycles and those of all below."""
    held, own = held_by(record, "node", "node"), cycles_of(record, "node")
    totals = node_totals(record).tolist()
    calls, kinds = (array(record, f"profile.node.{name}", np.int64).tolist() for name in ("calls", "kind"))
    labels = node_names(record, names)
    children: list[list[CallNode]] = [[] for _ in own]
    parents = array(record, "profile.node.parent", np.uint32).tolist()
    for number in range(len(own) - 1, -1, -1):  # a parent is older than its children
        below = tuple(sorted(children[number], key=lambda node: (-node.total, node.number)))
        cycles = Cycles(tuple(own[number]), held.get(number, ()))
        node = CallNode(number, labels[number], NodeKind(kinds[number]), calls[number], cycles, totals[number], below)
        if number:
            children[parents[number]].append(node)
    return node


def node_names(record: Record, names: Names) -> list[str]:
    """What each node is called."""
    labels = []
    columns = (array(record, f"profile.node.{name}", np.int64).tolist() for name in ("kind", "function", "exception"))
    for kind, function, exception in zip(*columns, strict=True):
        name = names.function(function)[0]
        labels.append(
            {
                NodeKind.ROOT: ROOT_NAME,
                NodeKind.CALL: name,
                NodeKind.EXCEPTION: f"{name} [{names.symbols.exception_name(exception)}]",
                NodeKind.SLEEP: f"sleep in {name}",
            }[NodeKind(kind)]
        )
    return labels


def node_totals(record: Record) -> NDArray[np.int64]:
    """Own cycles and those of all below, by node."""
    own = array(record, "profile.node.cycles", np.int64)
    totals: NDArray[np.int64] = own.reshape(len(own), -1).sum(axis=1)
    parents = array(record, "profile.node.parent", np.int64)
    for number in range(len(totals) - 1, 0, -1):
        totals[parents[number]] += totals[number]
    return totals


def calls_and_totals(record: Record, names: Names) -> tuple[dict[int, int], dict[int, int]]:
    """By function entry: how often called, and cycles with callees, where only the outermost of a recursion counts."""
    kinds, functions, calls, parents = (
        array(record, f"profile.node.{name}", np.int64).tolist() for name in ("kind", "function", "calls", "parent")
    )
    node_total = node_totals(record).tolist()
    entries = [names.function(function)[1] for function in functions]
    called: dict[int, int] = {}
    totals: dict[int, int] = {}
    above: list[frozenset[int]] = [frozenset()] * len(kinds)
    for number in range(1, len(kinds)):
        parent, entry = parents[number], entries[number]
        above[number] = above[parent] if entry in above[parent] else above[parent] | {entry}
        if kinds[number] == NodeKind.SLEEP:
            continue
        called[entry] = called.get(entry, 0) + calls[number]
        if entry not in above[parent]:
            totals[entry] = totals.get(entry, 0) + node_total[number]
    return called, totals
