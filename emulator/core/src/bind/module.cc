// The Python module tinysim._core: a Machine and plain arrays. Nothing here is called per instruction or per sample.
#include <algorithm>
#include <span>
#include <string_view>

#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/arrays.h"
#include "bind/bus.h"
#include "bind/debug.h"
#include "bind/description.h"
#include "bind/profile.h"
#include "bind/script.h"
#include "bind/snapshot.h"
#include "bind/state.h"
#include "bind/trace.h"
#include "machine.h"
#include "parts/button.h"
#include "parts/led.h"
#include "tinysim/serial_port.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

const char* stop_name(Stop stop) {
    static constexpr const char* names[] = {"none", "time", "deadlock", "lockup", "fault", "breakpoint", "host", "reset", "watchpoint", "semihosting"};
    return names[static_cast<size_t>(stop)];
}

void poke(Machine& machine, uint32_t address, nb::bytes bytes) {
    if (!machine.bus.poke(address, static_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size())))
        throw nb::value_error("the range is not all memory");
}

nb::bytes peek(const Machine& machine, uint32_t address, uint32_t count) {
    uint8_t probe = 0;
    if (count != 0 && !machine.bus.peek(address + (count - 1), &probe, 1)) throw nb::value_error("the range is not all memory");
    std::string bytes(count, '\0');
    if (!machine.bus.peek(address, reinterpret_cast<uint8_t*>(bytes.data()), count))
        throw nb::value_error("the range is not all memory");
    return nb::bytes(bytes.data(), bytes.size());
}

// An access as the CPU would make it, dated now, without its cost.
const Region& device_at(Machine& machine, uint32_t address) {
    const Region* region = machine.bus.find(address);
    if (region == nullptr || region->device == nullptr) throw nb::value_error("there is no device at this address");
    return *region;
}

uint32_t bus_read(Machine& machine, uint32_t address, unsigned bytes) {
    const Region& region = device_at(machine, address);
    const uint32_t value = region.device->read(address - region.start, bytes);
    if (region.device->take_gap()) machine.cpu.log.gap(address, 0, false);
    region.device->take_refusal();
    return value;
}

void bus_write(Machine& machine, uint32_t address, uint32_t value, unsigned bytes) {
    const Region& region = device_at(machine, address);
    region.device->write(address - region.start, value, bytes);
    if (region.device->take_gap()) machine.cpu.log.gap(address, 0, true);
    region.device->take_refusal();
}

template <class T>
T& node_as(Machine& machine, const std::string& name, const char* what) {
    auto* found = dynamic_cast<T*>(&machine.node(name));
    if (found == nullptr) throw nb::value_error(("'" + name + "' is no " + what).c_str());
    return *found;
}

LineFault fault_named(const std::string& name) {
    static constexpr std::string_view names[] = {"", "framing", "noise", "parity", "break"};      // as in LineFault
    const auto* found = std::ranges::find(names, name);
    if (found == std::end(names)) throw nb::value_error(("there is no fault '" + name + "' of a serial line").c_str());
    return static_cast<LineFault>(found - names);
}

void serial_write(Machine& machine, const std::string& name, nb::bytes bytes, const std::string& fault, uint32_t baud_hz) {
    SerialPort* port = machine.node(name).serial();
    if (port == nullptr) throw nb::value_error(("'" + name + "' has no serial port").c_str());
    const std::span content{static_cast<const uint8_t*>(bytes.data()), bytes.size()};
    if (fault.empty() && baud_hz == 0) return port->receive(content);
    if (!port->receive_wrong(content, fault_named(fault), baud_hz))
        throw nb::value_error(("the model of '" + name + "' knows neither line faults nor other baud rates").c_str());
}

void bind_running(nb::class_<Machine>& machine) {
    machine
        .def("power_on", &Machine::power_on, "vector_table"_a)
        .def("run", [](Machine& m, Tick until, bool stop_on_newline, bool stop_on_notice) {
            const HostWait wait = stop_on_notice ? HostWait::notice : stop_on_newline ? HostWait::newline : HostWait::nothing;
            return stop_name(m.run(until, wait));
        }, "until"_a, "stop_on_newline"_a = false, "stop_on_notice"_a = false, nb::call_guard<nb::gil_scoped_release>())
        .def("step", [](Machine& m, Tick until) { return stop_name(m.run(until, HostWait::nothing, true)); }, "until"_a = never,
             nb::call_guard<nb::gil_scoped_release>())
        .def("advance_ticks", [](Machine& m, Tick ticks) { m.scheduler.run_until(m.scheduler.now() + ticks); }, "ticks"_a)
        .def("settle", &Machine::settle)
        .def("peek", peek, "address"_a, "count"_a)
        .def("poke", poke, "address"_a, "bytes"_a)
        .def("bus_read", bus_read, "address"_a, "bytes"_a = 4)
        .def("bus_write", bus_write, "address"_a, "value"_a, "bytes"_a = 4)
        .def("trigger_task", [](Machine& m, uint32_t address) { return m.fabric.trigger(address); }, "address"_a)
        .def("line_level", [](Machine& m, const std::string& name, const std::string& output) {
            Line* line = m.node(name).output(output);
            if (line == nullptr) throw nb::value_error(("'" + name + "' has no output '" + output + "'").c_str());
            return line->level();
        }, "name"_a, "output"_a)
        .def("drive", [](Machine& m, const std::string& name, unsigned input, bool level) {
            auto sink = m.node(name).input(input);
            if (!sink) throw nb::value_error(("'" + name + "' has no such input").c_str());
            (*sink)(level);
        }, "name"_a, "input"_a, "level"_a)
        .def("pull_out", &Machine::pull_out, "part"_a, "out"_a)
        .def("is_enabled", [](const Machine& m, unsigned exception) { return m.cpu.exceptions.is_enabled(exception); }, "exception"_a)
        .def("serial_write", serial_write, "name"_a, "bytes"_a, "fault"_a = "", "baud_hz"_a = 0)
        .def("press", [](Machine& m, const std::string& name) { node_as<Button>(m, name, "button").press(); }, "name"_a)
        .def("release", [](Machine& m, const std::string& name) { node_as<Button>(m, name, "button").release(); }, "name"_a)
        .def("led_state", [](Machine& m, const std::string& name) { return node_as<Led>(m, name, "LED").state(); }, "name"_a);
}

}  // namespace

NB_MODULE(_core, module) {
    module.doc() = "The native engine of tinysim: see tinysim.engines.native for the interface that users want.";
    nb::class_<Machine> machine(module, "Machine");
    bind_description(machine);
    bind_scripts(machine);
    bind_bus(module, machine);
    bind_running(machine);
    bind_debug(machine);
    bind_state(machine);
    bind_record(machine);
    bind_profile(machine);
    bind_snapshot(module, machine);
    bind_trace(module, machine);
    module.def("known_types", &known_types);
    module.def("timing_ranges", &timing_ranges);
#ifdef TINYSIM_TRAMPOLINE
    module.attr("build") = "trampoline (debug or sanitizer)";
#else
    module.attr("build") = "tail calls";
#endif
}

}  // namespace tinysim
