#include "bind/bus.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;      // inclusive

SlaveKind kind_of(const std::string& name) {
    static const std::map<std::string, SlaveKind> kinds{{"ram", SlaveKind::ram}, {"flash", SlaveKind::flash}, {"ahb", SlaveKind::ahb},
                                                        {"apb", SlaveKind::apb}, {"local", SlaveKind::local}};
    auto found = kinds.find(name);
    if (found == kinds.end()) throw nb::value_error(("'" + name + "' is no kind of bus slave").c_str());
    return found->second;
}

void add_slave(Machine& m, const std::string& name, const std::string& kind, const Ranges& ranges, unsigned block, int64_t apb_hz,
               const std::string& upstream) {
    if (ranges.empty()) throw nb::value_error(("bus slave '" + name + "' has no addresses").c_str());
    if (apb_hz < 0 || (apb_hz > 0 && m.scheduler.ticks_per_second() % apb_hz != 0))
        throw nb::value_error(("the clock of bus slave '" + name + "' is no whole number of ticks").c_str());
    Slave* const way = upstream.empty() ? nullptr : m.bus.matrix.slave(upstream);
    if (!upstream.empty() && way == nullptr) throw nb::value_error(("bus slave '" + name + "' is behind the unknown '" + upstream + "'").c_str());
    Slave& slave = m.bus.matrix.add_slave(name, ranges.front().first, ranges.front().second, static_cast<uint8_t>(block), kind_of(kind));
    for (size_t i = 1; i < ranges.size(); ++i) m.bus.matrix.add_range(slave, ranges[i].first, ranges[i].second);
    slave.upstream = way;
    slave.apb_cycle_ticks = apb_hz > 0 ? m.scheduler.ticks_per_second() / apb_hz : 0;
    m.bus.map_slaves();
}

nb::list stalls(const Machine& m) {
    nb::list rows;
    for (const Stall& each : m.cpu.clocks.stall_cycles(m.bus.matrix)) rows.append(nb::make_tuple(each.slave, each.waiter, each.holder, each.ticks));
    return rows;
}

std::vector<std::string> slaves(const Machine& m) {
    std::vector<std::string> names;
    for (const auto& each : m.bus.matrix.slaves()) names.push_back(each->name);
    return names;
}

std::map<std::string, std::pair<int, int>> ranges() {
    std::map<std::string, std::pair<int, int>> all;
    for (const BusField& field : bus_fields()) all[field.name] = {field.least, field.most};
    return all;
}

}  // namespace

void bind_bus(nb::module_& module, nb::class_<Machine>& machine) {
    module.def("bus_ranges", &ranges);
    machine
        .def("add_slave", add_slave, "name"_a, "kind"_a, "ranges"_a, "block"_a = 0, "apb_hz"_a = 0, "upstream"_a = "")
        .def("set_bus_priority", [](Machine& m, const std::string& master, int priority) { m.bus.matrix.set_priority(master, priority); },
             "master"_a, "priority"_a)
        .def("bus_stalls", stalls)
        .def_prop_ro("bus_slaves", slaves)
        .def_prop_ro("bus_masters", [](const Machine& m) { return m.bus.matrix.masters(); });
}

}  // namespace tinysim
