#include "bind/arrays.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace tinysim {
namespace {

template <class T>
using Column = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

template <class T, class Row, class Get>
Column<T> column(const std::vector<Row>& rows, Get get) {
    auto* values = new T[rows.size() + 1];
    for (size_t i = 0; i < rows.size(); ++i) values[i] = static_cast<T>(get(rows[i]));
    nb::capsule owner(values, [](void* pointer) noexcept { delete[] static_cast<T*>(pointer); });
    return Column<T>(values, {rows.size()}, owner);
}

nb::dict uart_bytes(const Machine& m) {
    nb::dict all;
    for (uint16_t i = 0; i < m.recorder.uarts.size(); ++i) {
        std::vector<Recorder::UartByte> mine;
        for (const auto& each : m.recorder.uart_bytes)
            if (each.uart == i) mine.push_back(each);
        all[m.recorder.uarts[i].c_str()] = nb::make_tuple(column<int64_t>(mine, [](auto& r) { return r.at; }),
                                                          column<uint8_t>(mine, [](auto& r) { return r.byte; }));
    }
    return all;
}

// New UART bytes from an index on: (ticks, uart, byte) rows for whoever shows the console while it runs.
nb::list uart_since(const Machine& m, size_t first) {
    nb::list rows;
    for (size_t i = first; i < m.recorder.uart_bytes.size(); ++i) {
        const auto& each = m.recorder.uart_bytes[i];
        rows.append(nb::make_tuple(each.at, each.uart, each.byte));
    }
    return rows;
}

nb::dict levels(const std::vector<Recorder::Level>& rows) {
    nb::dict all;
    all["id"] = column<uint16_t>(rows, [](auto& r) { return r.id; });
    all["at"] = column<int64_t>(rows, [](auto& r) { return r.at; });
    all["value"] = column<int32_t>(rows, [](auto& r) { return r.value; });
    return all;
}

nb::dict transfers(const Machine& m) {
    const auto& rows = m.recorder.transfers;
    nb::dict all;
    all["master"] = column<uint16_t>(rows, [](auto& r) { return r.master; });
    all["start"] = column<int64_t>(rows, [](auto& r) { return r.start; });
    all["end"] = column<int64_t>(rows, [](auto& r) { return r.end; });
    all["address"] = column<uint32_t>(rows, [](auto& r) { return r.address; });
    all["bytes"] = column<uint32_t>(rows, [](auto& r) { return r.bytes; });
    all["to_memory"] = column<uint8_t>(rows, [](auto& r) { return r.to_memory; });
    return all;
}

// Spans still open when the record is taken end now.
Tick closed(Tick exit, const Machine& m) { return exit == never ? m.scheduler.now() : exit; }

nb::dict stages(const Machine& m) {
    const auto& rows = m.cpu.log.stages;
    nb::dict all;
    all["id"] = column<uint16_t>(rows, [](auto& r) { return r.stage; });
    all["enter"] = column<int64_t>(rows, [](auto& r) { return r.enter; });
    all["exit"] = column<int64_t>(rows, [&](auto& r) { return closed(r.exit, m); });
    return all;
}

nb::dict exceptions(const Machine& m) {
    const auto& rows = m.cpu.log.exceptions;
    nb::dict all;
    all["number"] = column<uint16_t>(rows, [](auto& r) { return r.number; });
    all["enter"] = column<int64_t>(rows, [](auto& r) { return r.enter; });
    all["exit"] = column<int64_t>(rows, [&](auto& r) { return closed(r.exit, m); });
    return all;
}

nb::dict sleeps(const Machine& m) {
    auto rows = m.cpu.log.sleeps;
    if (m.cpu.sleeping && m.scheduler.now() > m.cpu.sleeping_since) rows.push_back({m.cpu.sleeping_since, m.scheduler.now()});
    nb::dict all;
    all["enter"] = column<int64_t>(rows, [](auto& r) { return r.enter; });
    all["exit"] = column<int64_t>(rows, [](auto& r) { return r.exit; });
    return all;
}

nb::list gaps(const Machine& m) {
    nb::list rows;
    for (const auto& each : m.cpu.log.gaps) rows.append(nb::make_tuple(each.address, each.pc, each.is_write, each.count));
    return rows;
}

nb::list warnings(const Machine& m) {
    nb::list rows;
    for (const auto& each : m.recorder.warnings) rows.append(nb::make_tuple(each.at, each.text));
    return rows;
}

nb::list warning_places(const Machine& m) {
    nb::list rows;
    for (const auto& each : m.recorder.warnings) rows.append(each.pc);
    return rows;
}

}  // namespace

void bind_record(nb::class_<Machine>& machine) {
    machine
        .def("uart_bytes", uart_bytes)
        .def("uart_since", uart_since, nb::arg("first"))
        .def("line_changes", [](const Machine& m) { return levels(m.recorder.line_changes); })
        .def("level_changes", [](const Machine& m) { return levels(m.recorder.level_changes); })
        .def("transfers", transfers)
        .def("stages", stages)
        .def("exceptions", exceptions)
        .def("sleeps", sleeps)
        .def("gaps", gaps)
        .def("warnings", warnings)
        .def("warning_places", warning_places)
        .def_prop_ro("uart_names", [](const Machine& m) { return m.recorder.uarts; })
        .def_prop_ro("line_names", [](const Machine& m) { return m.recorder.lines; })
        .def_prop_ro("level_names", [](const Machine& m) { return m.recorder.levels; })
        .def_prop_ro("master_names", [](const Machine& m) { return m.recorder.masters; })
        .def_prop_ro("counters", [](const Machine& m) { return m.recorder.counters; });
}

}  // namespace tinysim
