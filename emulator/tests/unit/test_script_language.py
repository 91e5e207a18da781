"""Scripts of PythonPeripherals: what Python 2 and 3 share passes, the rest is refused at its line, with a remedy."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.platform import load_platform
from tinysim.platform.script_language import parse_script
from tinysim.platform.scripts import Script

BOARD = (
    'nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }\n'
    'cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m4"; nvic: nvic }\n'
    "ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x1000 }\n"
)  # fmt: skip

SHARED = (
    'if request.isInit:\n    lastVal = 0\nself.NoisyLog("%s at 0x%x" % (str(request.type), request.offset))',
    "request.Value = request.Offset // 4",
    "from __future__ import division\nrequest.Value = int(request.Offset / 4)",
    "request.Value = int(request.Offset / 4.0 + float(size) / 3)",
    'print("read %d" % request.Value)',
    "long = 5\nrequest.Value = long",
    "try:\n    n += 1\nexcept NameError as error:\n    n = 0",
    "import math\nrequest.Value = int(math.sqrt(16))",
    "state = {4: 0o17}\nrequest.Value = [v for k, v in state.items() if k in state][0]",
    "# print 'this is a comment', 0777",
)

# script, line, problem, what to write instead
REFUSED = (
    ("x = 1\nprint x", 2, "the print statement is Python 2", r"print\(\.\.\.\)"),
    ("print >> f, 1", 1, "print >> is Python 2", "InfoLog"),
    ('exec "x = 1"', 1, "exec statement", "write the statements"),
    ("x = `1`", 1, "backticks", r"repr\("),
    ("x = 1\n\ny = 0777", 3, "octal number", "0o777"),
    ("x = 10L", 1, "a number with L", "leave the L out"),
    ("x = 0xFFL", 1, "a number with L", "leave the L out"),
    ("if 1 <> 2: pass", 1, "operator <>", "!="),
    ("try:\n    x = 1\nexcept ValueError, e:\n    pass", 3, "comma behind except", "as name"),
    ('raise ValueError, "no"', 1, "comma behind raise", r"Kind\(text\)"),
    ('x = ur"a"', 1, "prefix ur", 'r"'),
    ("if 1:\n\tx = 1\n        y = 2", 3, "tabs and spaces", "spaces alone"),
    ("x = long(5)", 1, "long is not in Python 3", "write int"),
    ("for i in xrange(3): pass", 1, "xrange", "write range"),
    ("d = {}\nx = d.has_key(1)", 2, r"\.has_key", "key in dictionary"),
    ("for k, v in {}.iteritems(): pass", 1, r"\.iteritems", r"items\(\)"),
    ("x = {}.keys()[0]", 1, r"keys\(\) is no list", "list"),
    ("x = map(abs, [1])[0]", 1, r"map\(\) is no list", "list"),
    ("x = size / 2", 1, "/ of whole numbers", "//"),
    ("x = 4\nx /= 2", 2, "/ of whole numbers", "//"),
    ("import clr", 1, r"clr is a library of \.NET", "request, self and size"),
    ("x = 1\nfrom Antmicro.Renode.Logging import LogLevel", 2, "Antmicro.Renode.Logging is a library", "request"),
    ("import System.Math", 1, "System.Math is a library", "request"),
    ("sysbus.ReadDoubleWord(4)", 1, "sysbus is not in Python 3 or not here", "request, self and size"),
    ("x = request.Absolute", 1, "Absolute", "request.Offset"),
    ("request.value = = 1", 1, "no Python: invalid syntax", "correct the line"),
    ("return 5", 1, "no Python", "correct the line"),
    ("x = '\0'", 1, "no Python", "correct the line"),
)  # fmt: skip


def script(text: str) -> Script:
    return Script("registers.py", 1, text, Path("registers.py"))


@pytest.mark.parametrize("text", SHARED)
def test_what_both_pythons_share_passes(text: str) -> None:
    assert ast.unparse(parse_script(script(text))) == ast.unparse(ast.parse(text))


@pytest.mark.parametrize(("text", "line", "problem", "remedy"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_only_one_of_them_knows_is_refused(text: str, line: int, problem: str, remedy: str) -> None:
    with pytest.raises(InputError, match=rf"registers\.py:{line}: E38 .*{problem}.* \(.*{remedy}") as refused:
        parse_script(script(text))
    assert "\n" not in str(refused.value)


def test_a_line_of_an_inline_script_is_named_with_its_entry() -> None:
    with pytest.raises(InputError, match=r"board\.repl:7, line 2 of the script: E38"):
        parse_script(Script("board.repl", 7, "x = 1\nprint x"))


def board(folder: Path, attributes: str) -> Path:
    path = folder / "board.repl"
    path.write_text(f"{BOARD}p: Python.PythonPeripheral @ sysbus 0x40010000 {{ {attributes} }}", encoding="utf-8")
    return path


def test_a_script_file_is_found_beside_the_platform_and_on_the_search_path(tmp_path: Path) -> None:
    path = board(tmp_path, 'size: 4; filename: "registers.py"')
    assert not load_platform(path).scripts
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "registers.py").write_text("request.Value = 1", encoding="utf-8")
    assert load_platform(path, [elsewhere]).scripts["p"].text == "request.Value = 1"
    (tmp_path / "registers.py").write_text("request.Value = 2", encoding="utf-8")
    platform = load_platform(path, [elsewhere])
    assert platform.scripts["p"].text == "request.Value = 2"
    assert "registers.py" in [file.path for file in platform.files]


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ("size: 4", "one of script and filename is needed"),
        ('size: 4; script: "x = 1"; filename: "a.py"', "one of script and filename is needed"),
        ('size: 0; script: "x = 1"', "size is 0"),
        ('size: 4; filename: "latin.py"', "latin.py is no UTF-8 text"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_an_error(tmp_path: Path, attributes: str, problem: str) -> None:
    (tmp_path / "latin.py").write_bytes(b"# \xe4")
    with pytest.raises(InputError, match=rf"board\.repl:4:1: E38 .*{problem}"):
        load_platform(board(tmp_path, attributes))


@given(st.text(alphabet="ab=(){}[]:.,'\"`<>/\\ \n\t0123789LxX#", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_script_or_one_clear_refusal(text: str) -> None:
    try:
        parse_script(script(text))
    except InputError as refusal:
        assert "E38" in str(refusal) and "\n" not in str(refusal)
