"""All sensors of the B-L475E-IOT01A with synthetic streams (fixtures/stm32l475_boards/iot_sensors.c)."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

import itertools

from prebuilt_firmware import console_text, prebuilt, tagged_lines

from tinysim.errors import InputError
from tinysim.machine import Machine
from tinysim.record import Record

STREAMS = {
    "imu": "t_s,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps\n"
    + "".join(f"{i / 100:.2f},{i / 200},0,1,{i},0,{-i}\n" for i in range(100)),
    "magnetometer": "t_s,mx_ut,my_ut,mz_ut\n0,20,0,-40\n5,20,0,-40\n",
    "hygrometer": "t_s,humidity_percent,temperature_c\n0,62.5,-3.25\n5,62.5,-3.25\n",
    "barometer": "t_s,pressure_hpa\n0,987.65\n5,987.65\n",
}
PERIOD_104_HZ_S = 1 / 104
ROUNDS, SETS = 5, 10


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("streams")
    with Machine("b_l475e_iot01a") as machine:
        machine.load(prebuilt("b_l475e_iot01a", "iot_sensors"))
        for sensor, text in STREAMS.items():
            stream = folder / f"{sensor}.csv"
            stream.write_text(text, encoding="utf-8")
            machine.attach_stream(sensor, stream)
        assert machine.run_for(0.7) == "time"
        assert machine.gaps == []
        return machine.record()


def lines(record: Record, tag: str) -> list[dict[str, int]]:
    return tagged_lines(console_text(record, "usart1"), tag)


def test_each_part_says_who_it_is(record: Record) -> None:
    assert lines(record, "who") == [
        {"lsm6dsl": 0x6A, "lis3mdl": 0x3D, "hts221": 0xBC, "lps22hb": 0xB1, "vl53l0x": 0xEE}
    ]


def test_the_gyroscope_and_the_accelerometer_play_one_file_in_step(record: Record) -> None:
    batches = lines(record, "imu")
    assert len(batches) == ROUNDS
    for batch in batches:
        step = batch["ax"] / 5000  # the row of the stream that was measured
        assert batch["gx"] == pytest.approx(100 * step, abs=2) and batch["gz"] == pytest.approx(-100 * step, abs=2)
        assert batch["az"] == pytest.approx(1_000_000, abs=61)
    steps = [(later["ax"] - earlier["ax"]) / 5000 for earlier, later in itertools.pairwise(batches)]
    assert all(step == pytest.approx(SETS * PERIOD_104_HZ_S * 100, abs=1) for step in steps)


def test_field_air_and_pressure_are_what_was_played(record: Record) -> None:
    for field in lines(record, "field"):
        assert field == {"x": pytest.approx(200, abs=1), "z": pytest.approx(-400, abs=1)}  # milligauss; 20 and -40 uT
    air = lines(record, "air")
    assert len(air) == ROUNDS
    for one in air:
        assert one == {"humidity": 6250, "celsius": -325, "pascal": pytest.approx(98765, abs=1)}


def test_the_batches_of_the_fifo_lose_nothing(record: Record) -> None:
    counters = record.manifest["counters"]
    assert counters["imu.samples_read"] == ROUNDS * SETS * 2
    assert counters["imu.samples_lost"] == 0 and counters["imu.overruns"] == 0
    assert record.manifest["warnings"] == []


def test_a_stream_goes_to_the_only_sensor_of_its_quantity(tmp_path: Path) -> None:
    stream = tmp_path / "pressure.csv"
    stream.write_text(STREAMS["barometer"], encoding="utf-8")
    temperature = tmp_path / "temperature.csv"
    temperature.write_text("t_s,temperature_c\n0,20\n", encoding="utf-8")
    with Machine("b_l475e_iot01a") as machine:
        machine.attach_stream(None, stream)
        with pytest.raises(InputError, match="which sensor is to play the stream of temperature"):
            machine.attach_stream(None, temperature)
        with pytest.raises(
            InputError, match="'magnetometer' plays magnetic_flux_density and temperature, not pressure"
        ):
            machine.attach_stream("magnetometer", stream)
