#include "bind/state.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "bind/settings.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

nb::dict fault_of(const Machine& machine) {
    const FaultReport& fault = machine.cpu.last_fault;
    nb::dict all;
    all["exception"] = fault.exception;
    all["pc"] = fault.pc;
    all["cfsr"] = fault.cfsr;
    all["hfsr"] = fault.hfsr;
    all["address"] = fault.address;
    all["xpsr"] = fault.xpsr;
    nb::list registers;
    for (uint32_t value : fault.registers) registers.append(value);
    all["registers"] = registers;
    return all;
}

std::vector<uint32_t> registers(const Machine& machine) {
    std::vector<uint32_t> values(std::begin(machine.cpu.r), std::end(machine.cpu.r));
    values[15] = machine.cpu.pc;
    values.push_back(machine.cpu.xpsr());
    return values;
}

void set_register(Machine& machine, unsigned index, uint32_t value) {
    if (index < 15) machine.cpu.r[index] = index == 13 ? value & ~3u : value;
    else if (index == 15) machine.cpu.pc = value & ~1u;
    else throw nb::value_error("registers are r0 to r15");
}

std::vector<uint32_t> fp_registers(Machine& machine) {
    std::vector<uint32_t> values(std::begin(machine.cpu.s), std::end(machine.cpu.s));
    values.push_back(fp::get_fpscr(machine.cpu.fp));
    return values;
}

void set_fp_register(Machine& machine, unsigned index, uint32_t value) {
    if (index < 32) machine.cpu.s[index] = value;
    else fp::set_fpscr(machine.cpu.fp, value);
}

// (tick, cycle, ticks per cycle from there on), by time.
std::vector<std::tuple<Tick, int64_t, Tick>> clock_segments(const Machine& machine) {
    std::vector<std::tuple<Tick, int64_t, Tick>> rows;
    for (const ClockSegment& each : machine.cpu.clocks.segments()) rows.emplace_back(each.since, each.cycle, each.ticks_per_cycle);
    return rows;
}

// For instruction tests: FP on, thread mode, this flag state.
void set_xpsr(Machine& machine, uint32_t value) { machine.cpu.set_xpsr(value | 1u << 24, true); }

}  // namespace

void bind_state(nb::class_<Machine>& machine) {
    machine
        .def_prop_ro("now", [](const Machine& m) { return m.scheduler.now(); })
        .def_prop_ro("ticks_per_cycle", [](const Machine& m) { return m.cpu.ticks_per_cycle; })
        .def_prop_ro("cycles", [](const Machine& m) { return m.cpu.cycle_now(); })
        .def("cycle_of", [](const Machine& m, Tick at) { return m.cpu.clocks.cycle_of(at); }, "tick"_a)
        .def_prop_ro("clock_segments", clock_segments)
        .def("memory_settings", &memory_settings)
        .def_prop_ro("active_cycles", [](const Machine& m) { return m.cpu.active_cycles; })
        .def_prop_ro("instructions", [](const Machine& m) { return m.cpu.instructions; })
        .def_prop_ro("resets", [](const Machine& m) { return m.resets; })
        .def_prop_ro("is_off", [](const Machine& m) { return m.is_off; })
        .def_prop_ro("sleeping", [](const Machine& m) { return m.cpu.sleeping; })
        .def_prop_ro("exception", [](const Machine& m) { return m.cpu.ipsr; })
        .def_prop_ro("has_fault", [](const Machine& m) { return m.cpu.has_fault; })
        .def_prop_ro("fault", fault_of)
        .def_prop_rw("registers", registers, [](Machine& m, const std::vector<uint32_t>& values) {
            for (unsigned i = 0; i < 16 && i < values.size(); ++i) set_register(m, i, values[i]);
        })
        .def("set_register", set_register, "index"_a, "value"_a)
        .def("set_xpsr", set_xpsr, "value"_a)
        .def_prop_rw("fp_registers", fp_registers, [](Machine& m, const std::vector<uint32_t>& values) {
            for (unsigned i = 0; i < values.size(); ++i) set_fp_register(m, i, values[i]);
        })
        .def_prop_rw("stops_at_breakpoint", [](const Machine& m) { return m.cpu.stops_at_breakpoint; },
                     [](Machine& m, bool on) { m.cpu.stops_at_breakpoint = on; });
}

}  // namespace tinysim
