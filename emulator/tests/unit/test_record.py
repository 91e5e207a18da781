from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from record_builder import RecordBuilder

from tinysim.errors import InputError
from tinysim.record import Record


def small_record() -> Record:
    return RecordBuilder().say(0.5, "hello\n").stage("inference", 0.1, 0.2).sleep(0.2, 0.9).build()


def test_a_saved_record_loads_as_it_was(tmp_path: Path) -> None:
    record = small_record()
    record.save(tmp_path / "run")
    loaded = Record.load(tmp_path / "run")
    assert loaded.manifest["firmware"] == record.manifest["firmware"]
    assert sorted(loaded.arrays) == sorted(record.arrays)
    for name, values in record.arrays.items():
        assert loaded.arrays[name].dtype == values.dtype
        np.testing.assert_array_equal(loaded.arrays[name], values)


def test_two_equal_records_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        small_record().save(tmp_path / name)
    for file in ("manifest.json", "record.npz"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_saving_again_replaces_the_record_and_keeps_other_files(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("kept")
    small_record().save(tmp_path)
    RecordBuilder(2.0).build().save(tmp_path)
    assert Record.load(tmp_path).manifest["virtual_time_ns"] == 2_000_000_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "record.npz", "report.html"]


def test_a_missing_record_says_which_folder_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest\.json: .*missing.*run -o"):
        Record.load(tmp_path)


def test_a_record_of_another_format_names_both_versions(tmp_path: Path) -> None:
    small_record().save(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "record_format": 99}))
    with pytest.raises(InputError, match="format 99, this tinysim reads 1"):
        Record.load(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    small_record().save(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json"):
        Record.load(tmp_path)


@pytest.mark.parametrize("kept", [0, 1, 100])
def test_a_truncated_array_file_is_refused(tmp_path: Path, kept: int) -> None:
    small_record().save(tmp_path)
    content = (tmp_path / "record.npz").read_bytes()
    (tmp_path / "record.npz").write_bytes(content[:kept])
    with pytest.raises(InputError, match="truncated"):
        Record.load(tmp_path)


def test_a_record_without_its_arrays_is_refused(tmp_path: Path) -> None:
    small_record().save(tmp_path)
    (tmp_path / "record.npz").unlink()
    with pytest.raises(InputError, match="arrays are missing"):
        Record.load(tmp_path)


def test_a_record_cannot_be_saved_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write the record"):
        small_record().save(tmp_path / "file")
