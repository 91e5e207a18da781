"""Each member of a device, a part or the core stands in its state(Archive&) list, so that snapshots are complete.

Held by reading the sources. A member that cannot change, or is found again from others, is excused here by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "core"
HEADERS = sorted(
    path
    for pattern in (
        "src/soc/nrf/*.h",
        "src/parts/*.h",
        "src/cpu/*.h",
        "src/bus/*.h",
        "src/soc/stm32/*.h",
        "src/timing/*flash.h",
        "src/timing/line_cache.h",
        "src/timing/read_port.h",
        "include/tinysim/*.h",
        "src/machine.h",
    )
    for path in CORE.glob(pattern)
)
EXCUSED = {
    # found again from registers and addresses; never between two accesses
    "Stream": {"setup_", "places"},
    "Port": {"slave", "is_device"},
    "Dma": {"active_slaves_", "record_names_", "simulating_", "copy_"},  # a copy's state is put back first
    "Rcc": {"listeners_", "block_resets_", "backup_resets_"},
    "L4Rcc": {"listeners_", "block_resets_", "backup_resets_"},
    "ChannelDma": {"active_slaves_", "record_names_", "simulating_", "slave_", "is_device_"},
    "Channel": {"places"},
    "Oscillator": {"tell_"},
    # what the constructor declares, or the platform's wires and the host's set-up make
    "Peripheral": {"waiting_events_", "stops_with_", "access_bytes_", "event_mask_", "task_mask_", "short_table_"},
    "NrfGpiote": {"pins_"},
    "Rtc": {"wired_pins_"},
    "NrfRtc": {"events_implemented_"},
    "UsartWires": {"peer_"},
    "TwiBus": {"wire_", "client_"},
    "Spi": {"wire_", "microphones_", "companion_", "is_companion_", "counts_"},
    "Dfsdm": {"microphones_"},
    "Filter": {"counts"},
    "SoundPressure": {"recording_"},
    "Sai": {"microphones_", "sources_"},
    "Half": {"counts"},
    "AnalogSignal": {"recording_"},
    "AdcBlock": {"sockets_"},
    "AdcCommon": {"adcs_"},
    "Lis2dw12": {"account_", "acceleration_"},
    "Lis302dl": {"account_", "acceleration_"},
    "Lis3dsh": {"account_", "acceleration_"},
    "Lis3mdl": {"account_", "field_", "temperature_"},
    "Lps22hb": {"account_", "pressure_", "temperature_"},
    "Lsm6dsl": {"account_", "acceleration_", "angular_rate_", "temperature_"},
    "Hts221": {"account_", "humidity_", "temperature_"},
    "Scheduler": {"ticks_per_second_", "heap_", "firing_due_"},  # while an event fires
    "Exceptions": {"count_", "priority_mask_", "most_urgent_active_", "active_count_", "next_"},  # found from the sets
    "Mpu": {"count_", "version_"},
    "Itm": {"uarts_", "mark_level_", "named_", "stages_"},
    "Recorder": {"pc", "on_newline", "on_notice"},
    "RunLog": {"on_new_gap"},
    # described by the platform; masters announce their activity again when their own state is read
    "SystemControl": {"is_debugger_"},  # within one access
    "Slave": {"name", "kind", "block", "number", "upstream"},
    "Matrix": {
        "timing", "cpu_wins_ties", "on_activity_changed", "close_windows_once", "ranges_", "masters_", "priorities_",
        "priority_", "advancing_", "has_ended_",
    },
    "Machine": {
        "chip_", "order_", "recordings_", "apb_read_wait_", "bus", "fabric", "last_snapshot_",
        "profile", "tracer",  # the host's: a profile forbids going back, a trace is a file already written
    },
    "Stm32Flash": {"access_"},  # from FLASH_ACR, ICACHECNF and CONFIG
    "NrfFlash": {"cache_on_", "profiling_", "held_"},
    "Memory": {"name_", "kind_", "code_", "any_code_", "on_code_changed", "on_first_code", "on_store", "timing"},
    "Cpu": {
        "stacking_",  # within one exception entry
        "step", "skipped", "data_cost", "resume_op",  # of one instruction within a slice; resume_pc and resume_it stay
        "power", "profile", "tracer", "forces_exact",  # the host's set-up
        "is_observed",  # asked anew at each slice's start: has the host or DWT a wish
        "windows", "ticks_per_cycle", "timing", "system", "stage_entries", "stops_at_breakpoint", "serves_semihosting",
        "breakpoints_", "watchpoints_", "passed_breakpoint_", "stopped_at_", "debug_hit",  # the debugger's
        "op", "code_window", "code", "caches_", "executable_", "view_", "view_windows_",
        "code_version_", "windows_version_",  # derived
        "fp", "exceptions", "log",  # fp as FPSCR; the others have their own list
    },
}  # fmt: skip
NOT_MEMBERS = re.compile(
    r"^(?:using|enum|class|struct|friend|static|template|public|protected|private|typedef|union)\b"
)
CONSTANT = re.compile(r"^const\b(?!.*\*)|&\s*\w+$|\*\s*const\s")


def without_comments(text: str) -> str:
    return re.sub(r"//[^\n]*|^\s*#[^\n]*", "", text, flags=re.MULTILINE)


def closing(text: str, opening: int) -> int:
    """Index of the brace that closes the one at `opening`."""
    depth = 0
    for index in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise AssertionError("unbalanced braces")


def classes(text: str) -> Iterator[tuple[str, str]]:
    """Name and body of each class, the nested ones as well."""
    for match in re.finditer(r"\b(?:class|struct)\s+(?:\[\[[^]]*\]\]\s*)?(\w+)[^;{()]*\{", text):
        yield match[1], text[match.end() : closing(text, match.end() - 1)]


def statements(body: str) -> Iterator[str]:
    """The statements of a class body; what stands in braces is left out."""
    statement, index = "", 0
    while index < len(body):
        character = body[index]
        if character == "{":
            index = closing(body, index)
            if "(" in statement or re.match(
                r"\s*(?:public|protected|private|:|\s)*\s*(?:class|struct|enum)\b", statement
            ):
                statement = ""
        elif character == ";":
            yield " ".join(statement.split())
            statement = ""
        else:
            statement += character
        index += 1


def members(body: str) -> Iterator[str]:
    """Names of the data members that can change."""
    for raw in statements(body):
        statement = re.sub(r"^(?:(?:public|protected|private)\s*:\s*)+", "", raw)
        while (shorter := re.sub(r"<[^<>]*>", "", statement)) != statement:
            statement = shorter
        declared = statement.split("=")[0]
        if not statement or NOT_MEMBERS.match(statement) or CONSTANT.search(declared.split(",")[0].strip()):
            continue
        if "(" in declared:
            continue
        first, *others = (re.sub(r"=.*|\[.*", "", part).split() for part in statement.split(","))
        yield first[-1].lstrip("*&")
        yield from (other[-1].lstrip("*&") for other in others if other)


def listed(name: str, body: str, sources: str) -> str | None:
    """The body of its state(Archive&), or None when it has none."""
    own = body
    for _, nested in classes(body):
        own = own.replace(nested, "")
    for pattern, text in (
        (r"void state\(Archive& archive\)[^;{]*\{", own),
        (rf"void (?:\w+::)*{name}::state\(Archive& archive\) \{{", sources),
    ):
        found = re.search(pattern, text)
        if found is not None:
            return text[found.end() : closing(text, found.end() - 1)]
    return None


INTERFACES = {"Node", "FlashTiming"}  # without members
CLASSES = [
    pytest.param(path, name, body, id=name)
    for path in HEADERS
    for name, body in classes(without_comments(path.read_text(encoding="utf-8")))
    if re.search(r"\bstate\(Archive&", body) and name not in INTERFACES
]
SOURCES = "".join(without_comments(path.read_text(encoding="utf-8")) for path in sorted((CORE / "src").rglob("*.cc")))


@pytest.mark.parametrize(("path", "name", "body"), CLASSES)
def test_each_member_stands_in_the_state_list(path: Path, name: str, body: str) -> None:
    files = sorted(path.parent.glob("*.cc"))
    own_folder = "".join(without_comments(each.read_text(encoding="utf-8")) for each in files)
    state = listed(name, body, own_folder + SOURCES)  # two families have a Peripheral
    assert state is not None, f"{path.name}: {name}::state(Archive&) has no body"
    words = set(re.findall(r"\w+", state))
    forgotten = set(members(body)) - words - EXCUSED.get(name, set())
    assert not forgotten, (
        f"{path.name}: {name}::state() leaves out {', '.join(sorted(forgotten))}: snapshots would lose them "
        "(list them, or excuse them in EXCUSED with the reason)"
    )


def test_the_reader_of_members_finds_them() -> None:
    body = """
    public:
        void reset() override;
        int f(int a) const { return a; }
        struct Inner { int inside; };
        uint32_t fpcar = 0;
    private:
        const unsigned size_;
        Scheduler& scheduler_;
        Memory* const flash_;
        static constexpr int limit = 3;
        std::array<uint32_t, 6> cc_{}, other_{};
        bool a_ = false, b_ = g(1, 2);
        std::function<void(int)> run_;
        I2cTarget* target_ = nullptr;
        uint8_t raw_[4] = {};
    """
    assert set(members(body)) >= {"fpcar", "cc_", "other_", "a_", "b_", "run_", "target_", "raw_"}
    assert not set(members(body)) & {"size_", "scheduler_", "flash_", "limit", "inside", "reset"}
