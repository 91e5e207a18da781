#include "bind/profile.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "cpu/profile.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

template <class T, class Row, class Get>
nb::ndarray<nb::numpy, T, nb::ndim<1>> column(const std::vector<Row>& rows, Get get) {
    auto* values = new T[rows.size() + 1];
    for (size_t i = 0; i < rows.size(); ++i) values[i] = static_cast<T>(get(rows[i]));
    nb::capsule owner(values, [](void* pointer) noexcept { delete[] static_cast<T*>(pointer); });
    return {values, {rows.size()}, owner};
}

// One row for each of `rows`, one column for each cause.
template <class Row, class Get>
nb::ndarray<nb::numpy, int64_t, nb::ndim<2>> table(const std::vector<Row>& rows, Get get) {
    auto* values = new int64_t[rows.size() * Profile::causes + 1];
    for (size_t i = 0; i < rows.size(); ++i) {
        const Profile::Cycles& cycles = get(rows[i]);
        std::copy(cycles.begin(), cycles.end(), values + i * Profile::causes);
    }
    nb::capsule owner(values, [](void* pointer) noexcept { delete[] static_cast<int64_t*>(pointer); });
    return {values, {rows.size(), Profile::causes}, owner};
}

void set_profile(Machine& m, bool on, const std::vector<std::pair<uint32_t, uint32_t>>& functions, size_t time_line_events) {
    m.cpu.profile = nullptr;
    m.profile.reset();
    m.cpu.set_exact(m.cpu.forces_exact);                    // chooses how to run anew
    if (!on) return;
    m.profile = std::make_unique<Profile>(m.cpu.cycle_now(), time_line_events);
    std::vector<Profile::Function> ranges;
    for (const auto& [begin, end] : functions) ranges.push_back({begin, end});
    m.profile->set_functions(std::move(ranges));
    m.cpu.profile = m.profile.get();
}

nb::dict held(const std::vector<Profile::Held>& rows, const char* where) {
    nb::dict all;
    all[where] = column<uint32_t>(rows, [](auto& row) { return row.where; });
    all["holder"] = column<uint8_t>(rows, [](auto& row) { return row.holder; });
    all["cycles"] = column<int64_t>(rows, [](auto& row) { return row.cycles; });
    return all;
}

nb::dict instructions(const Profile& profile) {
    const auto rows = profile.instructions();
    nb::dict all;
    all["address"] = column<uint32_t>(rows, [](auto& each) { return each.address; });
    all["count"] = column<int64_t>(rows, [](auto& each) { return each.row->count; });
    all["cycles"] = table(rows, [](auto& each) -> auto& { return each.row->cycles; });
    return all;
}

nb::dict nodes(const Profile& profile) {
    const auto& rows = profile.nodes();
    nb::dict all;
    all["parent"] = column<uint32_t>(rows, [](auto& node) { return node.parent; });
    all["function"] = column<uint32_t>(rows, [](auto& node) { return node.function; });
    all["kind"] = column<uint8_t>(rows, [](auto& node) { return node.kind; });
    all["exception"] = column<uint16_t>(rows, [](auto& node) { return node.exception; });
    all["calls"] = column<int64_t>(rows, [](auto& node) { return node.calls; });
    all["cycles"] = table(rows, [](auto& node) -> auto& { return node.cycles; });
    return all;
}

nb::dict events(const Profile& profile) {
    const auto& rows = profile.time_line();
    nb::dict all;
    all["cycle"] = column<int64_t>(rows, [](auto& event) { return event.cycle; });
    all["node"] = column<uint32_t>(rows, [](auto& event) { return event.node; });
    all["is_enter"] = column<uint8_t>(rows, [](auto& event) { return event.is_enter; });
    return all;
}

// A sleep that goes on has cost what it has up to now.
void settle(Machine& m) {
    const int64_t now = m.cpu.cycle_now();
    if ((m.cpu.sleeping || m.is_off) && m.profile->cycle() < now) m.profile->sleep(m.profile->last_address(), now);
}

nb::object tables(Machine& m) {
    if (!m.profile) return nb::none();
    settle(m);
    nb::dict all;
    all["instruction"] = instructions(*m.profile);
    all["node"] = nodes(*m.profile);
    all["instruction_held"] = held(m.profile->held_by_instruction(), "address");
    all["node_held"] = held(m.profile->held_by_node(), "node");
    all["event"] = events(*m.profile);
    return all;
}

nb::object numbers(Machine& m) {
    if (!m.profile) return nb::none();
    settle(m);
    nb::dict all;
    all["masters"] = m.bus.matrix.masters();
    all["start_cycle"] = m.profile->start_cycle();
    all["charged_cycles"] = m.profile->charged_cycles();
    all["time_line_end_cycle"] = m.profile->time_line_end();
    all["dropped_events"] = m.profile->dropped_events();
    return all;
}

}  // namespace

void bind_profile(nb::class_<Machine>& machine) {
    machine
        .def("set_profile", set_profile, "on"_a, "functions"_a = std::vector<std::pair<uint32_t, uint32_t>>(),
             "time_line_events"_a = Profile::default_time_line_events)
        .def_prop_ro("profile_tables", tables)
        .def_prop_ro("profile_numbers", numbers);
}

}  // namespace tinysim
