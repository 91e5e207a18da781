"""Sound from WAV files: levels as pressure, the rate of the header, and each way in which a file is refused."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from tinysim.errors import InputError
from tinysim.streams import read_recording
from tinysim.streams.checks import check_recording
from tinysim.streams.wav_reader import FULL_SCALE_MICROPASCAL

RATE_HZ = 16_000


def written(path: Path, frames: bytes, *, channels: int = 1, sample_bytes: int = 2, rate_hz: int = RATE_HZ) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, sample_bytes, rate_hz, 0, "NONE", ""))
        file.writeframes(frames)
    return path


def sixteen_bits(*levels: int) -> bytes:
    return np.array(levels, dtype="<i2").tobytes()


def test_full_scale_is_that_of_the_microphone_and_times_follow_the_rate(tmp_path: Path) -> None:
    recording = read_recording(written(tmp_path / "a.wav", sixteen_bits(0, 16384, -32768)))
    assert recording.values.ravel().tolist() == [0, FULL_SCALE_MICROPASCAL // 2, -FULL_SCALE_MICROPASCAL]
    assert (recording.quantity, recording.unit, recording.rate_hz) == ("sound", "micropascal", RATE_HZ)
    assert recording.time_ns.tolist() == [0, 62_500, 125_000]
    assert recording.duration_s == pytest.approx(3 / RATE_HZ)


@pytest.mark.parametrize("sample_bytes", [3, 4])
def test_wider_samples_have_the_same_full_scale(tmp_path: Path, sample_bytes: int) -> None:
    half = (1 << (8 * sample_bytes - 2)).to_bytes(sample_bytes, "little")
    low = (-(1 << (8 * sample_bytes - 1))).to_bytes(sample_bytes, "little", signed=True)
    recording = read_recording(written(tmp_path / "a.wav", half + low, sample_bytes=sample_bytes))
    assert recording.values.ravel().tolist() == [FULL_SCALE_MICROPASCAL // 2, -FULL_SCALE_MICROPASCAL]


def test_runs_at_full_scale_are_a_finding_and_single_peaks_are_not(tmp_path: Path) -> None:
    clipped = read_recording(written(tmp_path / "a.wav", sixteen_bits(0, 32767, 32767, 32767, 0)))
    assert [(finding.kind, finding.count) for finding in check_recording(clipped)] == [("clipping", 1)]
    assert "sample 2" in clipped.findings[0].message
    assert not check_recording(read_recording(written(tmp_path / "b.wav", sixteen_bits(0, 32767, -32768, 0))))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not a WAV file of linear PCM (it ends within its header)"),
        (b"t_s,ax_g\n0,1\n" * 9, "not a WAV file of linear PCM (file does not start with RIFF id)"),
    ],
)
def test_what_is_no_wav_is_said(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_recording(tmp_path / "a.wav")
    assert problem in str(caught.value)
    assert "convert it to 16-bit PCM, mono" in str(caught.value)


def test_floating_point_is_refused_with_a_remedy(tmp_path: Path) -> None:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, RATE_HZ, 4 * RATE_HZ, 4, 32)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", 4) + bytes(4)
    (tmp_path / "a.wav").write_bytes(struct.pack("<4sI", b"RIFF", len(body)) + body)
    with pytest.raises(InputError, match="unknown format: 3"):
        read_recording(tmp_path / "a.wav")


def test_two_channels_eight_bits_and_no_samples_are_refused(tmp_path: Path) -> None:
    cases = {
        "2 channels": written(tmp_path / "a.wav", sixteen_bits(0, 0), channels=2),
        "samples of 8 bits": written(tmp_path / "b.wav", b"\x80", sample_bytes=1),
        "no samples": written(tmp_path / "c.wav", b""),
    }
    for problem, path in cases.items():
        with pytest.raises(InputError, match=problem):
            read_recording(path)


def test_a_file_cut_short_says_how_much_is_there(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", sixteen_bits(1, 2, 3, 4))
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(InputError, match="the header says 4 samples, the file ends after 2"):
        read_recording(path)


def test_options_that_a_wav_file_does_not_need_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", sixteen_bits(0))
    with pytest.raises(InputError, match="leave out --unit"):
        read_recording(path, unit="g")
    with pytest.raises(InputError, match="the file says 16000 Hz, the option 8000 Hz"):
        read_recording(path, rate_hz=8000)
    assert read_recording(path, rate_hz=RATE_HZ).rate_hz == RATE_HZ
