"""Compiles the script of a PythonPeripheral so that it counts its steps: no loop of it can hang the host.

One call into C (9**9**9, sum(range(10**12))) is no step and is not stopped.
"""

from __future__ import annotations

import ast
from types import CodeType

STEP = "__step__"  # called at the begin of each round, call and item; must answer True


def compile_counted(tree: ast.Module, file: str) -> CodeType:
    """Compile for exec(), in whose names STEP must stand."""
    return compile(ast.fix_missing_locations(_Counting().visit(tree)), file, "exec", dont_inherit=True)


def made_each_time(tree: ast.Module) -> frozenset[str]:
    """Functions, classes and modules of the outermost level: each run of the script makes them again."""
    names = set[str]()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return frozenset(names)


class _Counting(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        step = ast.Call(ast.Name(STEP, ast.Load()), [], [])
        if isinstance(node, ast.While | ast.For | ast.FunctionDef):
            node.body.insert(0, ast.copy_location(ast.Expr(step), node.body[0]))
        elif isinstance(node, ast.Lambda):
            node.body = ast.copy_location(ast.BoolOp(ast.And(), [step, node.body]), node.body)
        elif isinstance(node, ast.comprehension):
            node.ifs.insert(0, ast.copy_location(step, node.iter))
        return node
