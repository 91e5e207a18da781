"""Holds a script to what IronPython 2 (Renode's) and Python 3 share. The rest is refused, with what to write instead.

Seen are syntax, names, attributes, imports and `/`. A difference that only shows in values (round(), the order of a
dictionary, text against bytes) is not.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from tinysim.platform.scripts import Script

_SYNTAX = (
    (r"^\s*print\b(?!\s*\()", "the print statement", "write print(...) or self.InfoLog(...)"),
    (r"^\s*exec\b(?!\s*\()", "the exec statement", "write the statements themselves"),
    (r"`", "backticks", "write repr(...)"),
    (r"\b0[0-7]+[lL]?\b", "an octal number without 0o", "write 0o777 or a hexadecimal number"),
    (r"\b(?:0[xX][0-9a-fA-F]+|\d+)[lL]\b", "a number with L", "leave the L out"),
    (r"<>", "the operator <>", "write !="),
    (r"\bexcept\s+[^:]+,\s*\w+\s*:", "a comma behind except", "write except Kind as name:"),
    (r"\braise\s+\w+\s*,", "a comma behind raise", "write raise Kind(text)"),
    (r"\bdef\s+\w+\([^)]*\(", "a tuple as parameter", "take it apart in the function"),
    (r"\b[uU][rR]['\"]", "text with the prefix ur", 'write r"..."'),
)  # fmt: skip
_ONLY_RENODE = "request, self and size is what a script gets here"
_NAMES = {
    "long": "write int", "unicode": "write str", "basestring": "write str", "xrange": "write range",
    "unichr": "write chr", "cmp": "write (a > b) - (a < b)", "apply": "write f(*arguments)",
    "reduce": "write a loop", "execfile": "write the statements themselves", "raw_input": "nobody answers in a run",
    "reload": "leave it out", "buffer": "write memoryview", "intern": "leave it out", "file": "write open",
    "sysbus": _ONLY_RENODE, "machine": _ONLY_RENODE, "monitor": _ONLY_RENODE, "emulationManager": _ONLY_RENODE,
    "logger": _ONLY_RENODE, "LogLevel": _ONLY_RENODE,
}  # fmt: skip
_ATTRIBUTES = {
    "has_key": "write key in dictionary", "iteritems": "write items()", "iterkeys": "write keys()",
    "itervalues": "write values()", "next": "write next(iterator)",
    "Absolute": "use request.Offset", "absolute": "use request.Offset",
}  # fmt: skip
_MODULES = {"clr", "System", "Antmicro", "Microsoft", "IronPython"}
_LISTS_IN_2 = {"keys", "values", "items", "map", "filter", "zip"}


def parse_script(script: Script) -> ast.Module:
    """Return the syntax tree. Raises InputError (E38) at the line that only IronPython 2 or Renode understands."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(script.text, script.file)
            compile(tree, script.file, "exec", dont_inherit=True)  # a return outside a function, and the like
    except SyntaxError as error:
        raise _syntax_refusal(script, error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise script.refusal(1, f"Python cannot read this: {error}", "make it plain Python") from None
    for line, problem, remedy in sorted(_refused(tree)):
        raise script.refusal(line, problem, remedy)
    return tree


def _syntax_refusal(script: Script, error: SyntaxError) -> Exception:
    number = error.lineno or 1
    lines = script.text.splitlines()
    text = lines[number - 1] if number <= len(lines) else ""
    if isinstance(error, TabError):
        return script.refusal(number, "tabs and spaces are mixed", "indent with spaces alone")
    for pattern, problem, remedy in _SYNTAX:
        if re.search(pattern, text):
            return script.refusal(number, f"{problem} is Python 2", remedy)
    return script.refusal(number, f"no Python: {error.msg}", "correct the line")


def _refused(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    assigned |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assigned |= {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
    true_division = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in imports)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _refused_import(node)
        elif isinstance(node, ast.Name) and node.id in _NAMES and node.id not in assigned:
            yield node.lineno, f"{node.id} is not in Python 3 or not here", _NAMES[node.id]
        elif isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES:
            yield node.lineno, f".{node.attr} is not in Python 3 or not here", _ATTRIBUTES[node.attr]
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            yield from _refused_operation(node, true_division)
        elif isinstance(node, ast.Subscript) and _called(node.value) in _LISTS_IN_2:
            yield node.lineno, f"{_called(node.value)}() is no list in Python 3", "write list(...)[index]"


def _refused_import(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[int, str, str]]:
    modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for module in modules:
        if module.split(".")[0] in _MODULES:
            yield node.lineno, f"{module} is a library of .NET, which only Renode has", _ONLY_RENODE


def _refused_operation(node: ast.BinOp | ast.AugAssign, true_division: bool) -> Iterator[tuple[int, str, str]]:
    left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
    if isinstance(node.op, ast.RShift) and isinstance(left, ast.Name) and left.id == "print":
        yield node.lineno, "print >> is Python 2", "write self.InfoLog(...)"
    if isinstance(node.op, ast.Div) and not (true_division or _is_real(left) or _is_real(right)):
        remedy = "write // for whole numbers, float(a) / b for others"
        yield node.lineno, "/ of whole numbers is rounded by Python 2 and not by Python 3", remedy


def _is_real(node: ast.expr) -> bool:
    """Tell whether the expression shows that it is a float."""
    if isinstance(node, ast.BinOp):
        return _is_real(node.left) or _is_real(node.right)
    return _called(node) == "float" or (isinstance(node, ast.Constant) and isinstance(node.value, float))


def _called(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)
