#include "bind/trace.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "trace/replay.h"
#include "trace/writer.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

using Code = std::vector<std::tuple<uint32_t, nb::bytes, bool>>;
using Bounds = std::vector<std::tuple<uint32_t, uint32_t>>;

constexpr const char* cause_names[] = {"base", "load_store", "fetch", "flash", "contention", "exception", "sleep"};
static_assert(std::size(cause_names) == static_cast<size_t>(Cause::count));

nb::dict by_cause(const Replay::Cycles& cycles) {
    nb::dict all;
    for (size_t i = 0; i < cycles.size(); ++i) all[cause_names[i]] = cycles[i];
    return all;
}

nb::dict counts(const Replay& replay) {
    const ReplayCounts& counts = replay.counts();
    nb::dict all;
    all["instructions"] = counts.instructions;
    all["skipped"] = counts.skipped;
    all["accesses"] = counts.accesses;
    all["exceptions"] = counts.exceptions;
    all["tail_chains"] = counts.tail_chains;
    all["returns"] = counts.returns;
    all["sleeps"] = counts.sleeps;
    all["jumps"] = counts.jumps;
    all["assumed_divisions"] = counts.assumed_divisions;
    all["assumed_conditions"] = counts.assumed_conditions;
    all["unmapped"] = counts.unmapped;
    all["unclaimed_accesses"] = replay.unclaimed_accesses();
    all["register_writes"] = counts.register_writes;
    all["clock_changes"] = counts.clock_changes;
    return all;
}

// Functions that ran: (index, instructions, calls, cycles by cause); the last index is code of no function.
nb::list functions(const Replay& replay) {
    nb::list rows;
    for (size_t i = 0; i < replay.functions().size(); ++i) {
        const Replay::Function& each = replay.functions()[i];
        if (each.instructions != 0) rows.append(nb::make_tuple(i, each.instructions, each.calls, by_cause(each.cycles)));
    }
    return rows;
}

void set_up(Replay& replay, const Code& code, const std::vector<uint32_t>& vectors, const Bounds& functions,
            const Bounds& registers) {
    for (const auto& [start, content, is_fixed] : code)
        replay.add_code(start, static_cast<const uint8_t*>(content.data()), content.size(), is_fixed);
    std::vector<Replay::Function> all;
    for (const auto& [begin, end] : functions) all.push_back({begin, end});
    replay.set_functions(std::move(all));
    replay.set_vectors(vectors);
    for (auto [address, bytes] : registers) replay.follow_registers(address, bytes);
}

bool push(Replay& replay, const nb::bytes& chunk) {
    const auto* content = static_cast<const uint8_t*>(chunk.data());
    const size_t count = chunk.size();
    nb::gil_scoped_release released;
    return replay.push(content, count);
}

void start_trace(Machine& machine, int descriptor) {
    machine.tracer = std::make_unique<TraceWriter>(descriptor);
    machine.cpu.tracer = machine.tracer.get();
}

// (instructions written, errno of the first write that failed)
nb::tuple stop_trace(Machine& machine) {
    if (machine.tracer == nullptr) return nb::make_tuple(0, 0);
    {
        nb::gil_scoped_release released;
        machine.tracer->finish();
    }
    const nb::tuple result = nb::make_tuple(machine.tracer->instructions(), machine.tracer->error());
    machine.cpu.tracer = nullptr;
    machine.tracer.reset();
    return result;
}

}  // namespace

void bind_trace(nb::module_& module, nb::class_<Machine>& machine) {
    machine.def("start_trace", start_trace, "descriptor"_a).def("stop_trace", stop_trace);
    nb::class_<Replay>(module, "Replay")
        .def("__init__", [](Replay* place, Machine& machine, const Code& code, const std::vector<uint32_t>& vectors,
                            const Bounds& functions, const Bounds& registers) {
            new (place) Replay(machine.bus, machine.cpu.timing, machine.cpu.ticks_per_cycle);
            place->run_devices = [&machine](Tick until) {
                machine.scheduler.run_until(until);
                machine.cpu.run(until);                     // no instruction: the clock changes that devices asked for
                return Tick{machine.cpu.ticks_per_cycle};
            };
            set_up(*place, code, vectors, functions, registers);
        }, "machine"_a, "code"_a, "vectors"_a, "functions"_a, "registers"_a, nb::keep_alive<1, 2>())
        .def("push", push, "chunk"_a)
        .def("finish", &Replay::finish)
        .def_prop_ro("damage", [](const Replay& replay) { return nb::make_tuple(replay.damage().text, replay.damage().offset); })
        .def_prop_ro("header", [](const Replay& replay) {
            const trace::Header& header = replay.header();
            return nb::make_tuple(header.version, header.has_opcodes, header.has_notes);
        })
        .def_prop_ro("first_pc", &Replay::first_pc)
        .def_prop_ro("total", [](const Replay& replay) { return by_cause(replay.total()); })
        .def_prop_ro("counts", counts)
        .def("functions", functions);
}

}  // namespace tinysim
