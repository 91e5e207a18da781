"""Usings and entry updates: which file comes first, what a later entry replaces, what a name leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.errors import InputError
from tinysim.repl.check import check
from tinysim.repl.grammar import parse
from tinysim.repl.merge import Variable, Variables, merge
from tinysim.repl.syntax import Reference, Special
from tinysim.repl.usings import load_files


def merged(*texts: str) -> Variables:
    variables = merge([parse(text, f"{number}.repl") for number, text in enumerate(texts)])
    check(variables)
    return variables


def variable(variables: Variables, name: str, file: str = "0.repl") -> Variable:
    found = variables.find(name, file)
    assert found is not None
    return found


def wires(found: Variable) -> dict[object, list[tuple[str, int]]]:
    return {output: [(wire.target, wire.input) for wire in ends] for output, ends in found.wires.items()}


def refusal(*texts: str) -> InputError:
    with pytest.raises(InputError) as caught:
        merged(*texts)
    assert caught.value.place and caught.value.remedy
    return caught.value


def test_attributes_merge_by_name_and_none_removes() -> None:
    found = variable(merged("a: T\n    x: 1\n    y: 2\n    z: 3", "a:\n    y: 5\n    z: none\n    w: empty"), "a")
    assert {name: setting.value for name, setting in found.settings.items()} == {"x": 1, "y": 5, "w": Special.EMPTY}


def test_interrupts_merge_by_output_and_none_removes() -> None:
    chip = "n: N\na: T\n    -> n@1\n    1 -> n@2\n    2 -> n@3"
    found = variable(merged(chip, "a:\n    1 -> n@7 | n@8\n    2 -> none"), "a")
    assert wires(found) == {None: [("n", 1)], 1: [("n", 7), ("n", 8)]}


def test_a_registration_replaces_the_old_one() -> None:
    found = variable(merged("a: T @ sysbus 0x10", "a: @ sysbus 0x20"), "a")
    assert [r.point for r in found.registrations] == [0x20]
    assert variable(merged("a: T @ sysbus 0x10", "a: @ none"), "a").registrations == ()


def test_init_lines_replace_unless_added() -> None:
    base = "a: T\n    init:\n        one"
    assert [text for text, _ in variable(merged(base, "a:\n    init:\n        two"), "a").lines["init"]] == ["two"]
    added = variable(merged(base, "a:\n    init add:\n        two"), "a").lines["init"]
    assert [text for text, _ in added] == ["one", "two"]


def test_an_update_may_stand_before_the_declaration() -> None:
    assert variable(merged("a:\n    x: 1", "a: T\n    y: 2"), "a").settings.keys() == {"x", "y"}


def test_a_local_variable_is_seen_in_its_file_only() -> None:
    variables = merged("local a: T\n    x: 1\nb: U\n    r: a", "local a: T\n    x: 2\nc: U\n    r: a")
    assert variable(variables, "a", "0.repl").settings["x"].value == 1
    assert variable(variables, "a", "1.repl").settings["x"].value == 2
    assert refusal("local a: T", "b: U\n    r: a").problem.startswith("E20")


@pytest.mark.parametrize(
    ("texts", "code", "words"),
    [
        (["a:\n    x: 1"], "E01", "declared nowhere"),
        (["a: T", "a: U"], "E02", "0.repl:1:1"),
        (["sysbus: T"], "E02", "built in"),
        (["a: T", "a:"], "E03", "empty"),
        (["a: T\n    x: 1\n    x: 2"], "E09", "more than once"),
        (["a: T\n    -> gone@1"], "E11", "gone"),
        (["n: N\na: T\n    -> n@1\n    -> n@2"], "E16", "default output"),
        (["a: T\n    init:\n        x\n    init:\n        y"], "E19", "init"),
        (["a: T\n    reset:\n        x\n    reset:\n        y"], "E48", "reset"),
        (["a: T\n    preinit:\n        x\n    preinit:\n        y"], "E50", "preinit"),
        (["a: T\n    r: [1, { 2: gone }]"], "E20", "gone"),
        (["a: T @ gone 3"], "E20", "gone"),
        (["a: T\n    r: b\nb: T\n    r: a"], "E24", "a -> b"),
        (['a: T as "x"'], "E33", "alias"),
        (['a: T @ none as "x"'], "E34", "alias"),
        (["a: T @ b\nb: T @ a"], "E45", "registration"),
    ],
)
def test_mistakes_have_renodes_codes(texts: list[str], code: str, words: str) -> None:
    error = refusal(*texts)
    assert error.problem.startswith(code) and words in str(error)


def test_properties_may_refer_to_each_other() -> None:
    variables = merged("a: T\n    Peer: b\nb: T\n    Peer: a")
    peers = [variable(variables, name).settings["Peer"].value for name in ("a", "b")]
    assert [peer.name for peer in peers if isinstance(peer, Reference)] == ["b", "a"]


def test_a_misspelt_name_gets_a_suggestion() -> None:
    assert refusal("gpio0: G\na: T @ gpoi0 3").remedy == "did you mean gpio0?"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def test_used_files_come_first_depth_first(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        {
            "b/main.repl": 'using "../c/one.repl"\nusing "two.repl"\nm: T',
            "c/one.repl": 'using "./deep.repl"\no: T',
            "c/deep.repl": "d: T",
            "search/two.repl": "t: T",
        },
    )
    loaded = load_files(main, [tmp_path / "search"])
    assert [file.path.name for file in loaded] == ["deep.repl", "one.repl", "two.repl", "main.repl"]


def test_renodes_chip_folder_leads_to_ours(tmp_path: Path) -> None:
    main = write(tmp_path, {"b.repl": 'using "platforms/cpus/chip.repl"', "platforms/chips/chip.repl": "a: T"})
    assert len(load_files(main, [tmp_path / "platforms"])) == 2


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.repl": 'using "./b.repl"\nusing "./b.repl"', "b.repl": "b: T"}, "E17"),
        ({"a.repl": 'using "./a.repl"'}, "E30"),
        ({"a.repl": 'using "./b.repl"', "b.repl": 'using "./a.repl"'}, "E30"),
        ({"a.repl": 'using "./gone.repl"'}, "E36"),
        ({"a.repl": 'using "gone.repl"'}, "E36"),
        ({"a.repl": 'using ""'}, "E36"),
    ],
)
def test_bad_usings_are_refused_at_their_line(tmp_path: Path, files: dict[str, str], code: str) -> None:
    with pytest.raises(InputError) as caught:
        load_files(write(tmp_path, files), [])
    assert caught.value.problem.startswith(code) and caught.value.place and caught.value.remedy


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.repl").write_bytes(b"a: T\n\xff")
    for path in (tmp_path / "gone.repl", tmp_path, tmp_path / "binary.repl"):
        with pytest.raises(InputError):
            load_files(path)
