#include "bind/debug.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

Watchpoint watchpoint(uint32_t address, uint32_t length, const std::string& kind) {
    if (kind == "read") return {address, length, Watch::read};
    if (kind == "write") return {address, length, Watch::write};
    if (kind == "access") return {address, length, Watch::access};
    throw nb::value_error("a watchpoint is read, write or access");
}

nb::tuple hit(const Machine& machine) {
    const Watchpoint& hit = machine.cpu.debug_hit;
    const char* kind = hit.length == 0 ? "breakpoint" : hit.kind == Watch::read ? "read" : "write";
    return nb::make_tuple(kind, hit.length == 0 ? machine.cpu.pc : hit.address, machine.cpu.pc);
}

nb::dict special_registers(Machine& machine) {
    Cpu& cpu = machine.cpu;
    nb::dict all;
    all["msp"] = cpu.msp();
    all["psp"] = cpu.psp();
    all["primask"] = cpu.exceptions.primask;
    all["basepri"] = cpu.exceptions.basepri;
    all["faultmask"] = cpu.exceptions.faultmask;
    all["control"] = cpu.control();
    return all;
}

// False: there is none of that name. As MSR would, at any privilege.
bool set_special_register(Machine& machine, const std::string& name, uint32_t value) {
    Cpu& cpu = machine.cpu;
    if (name == "msp") cpu.msp() = value & ~3u;
    else if (name == "psp") cpu.psp() = value & ~3u;
    else if (name == "primask") cpu.exceptions.primask = value & 1;
    else if (name == "basepri") cpu.exceptions.set_basepri(static_cast<uint8_t>(value));
    else if (name == "faultmask") cpu.exceptions.set_faultmask((value & 1) != 0);
    else if (name == "control") cpu.set_control(value);
    else return false;
    cpu.exceptions.changed = true;
    return true;
}

// Text that the host took from the guest, stamped now; whoever waits for a line is told by the host.
void say(Machine& machine, const std::string& uart, nb::bytes bytes) {
    const uint16_t number = machine.recorder.name_uart(uart);
    const auto* content = static_cast<const uint8_t*>(bytes.data());
    for (size_t i = 0; i < bytes.size(); ++i)
        machine.recorder.uart_bytes.push_back({machine.scheduler.now(), number, content[i]});
}

}  // namespace

void bind_debug(nb::class_<Machine>& machine) {
    machine
        .def("set_breakpoint", [](Machine& m, uint32_t address) { m.cpu.set_breakpoint(address); }, "address"_a)
        .def("clear_breakpoint", [](Machine& m, uint32_t address) { m.cpu.clear_breakpoint(address); }, "address"_a)
        .def("set_watchpoint", [](Machine& m, uint32_t address, uint32_t length, const std::string& kind) {
            m.cpu.set_watchpoint(watchpoint(address, length, kind));
        }, "address"_a, "length"_a, "kind"_a)
        .def("clear_watchpoint", [](Machine& m, uint32_t address, uint32_t length, const std::string& kind) {
            m.cpu.clear_watchpoint(watchpoint(address, length, kind));
        }, "address"_a, "length"_a, "kind"_a)
        .def_prop_rw("serves_semihosting", [](const Machine& m) { return m.cpu.serves_semihosting; },
                     [](Machine& m, bool on) { m.cpu.serves_semihosting = on; })
        .def("set_exact", [](Machine& m, bool forces) { m.cpu.set_exact(forces); }, "forces"_a)
        .def("finish_semihosting", [](Machine& m, uint32_t result) { m.cpu.finish_semihosting(result); }, "result"_a)
        .def("name_trace_ports", [](Machine& m) { m.system.itm.name_ports(); })
        .def("enable_trace", [](Machine& m) { m.system.enable_trace(); })
        .def("name_mark", [](Machine& m, uint32_t value, uint16_t stage) { m.system.itm.name_mark(value, stage); }, "value"_a, "stage"_a)
        .def("name_uart", [](Machine& m, const std::string& name) { m.recorder.name_uart(name); }, "name"_a)
        .def("say", say, "uart"_a, "bytes"_a)
        .def("warn", [](Machine& m, const std::string& text) { m.recorder.warn(text); }, "text"_a)
        .def("reset_system", [](Machine& m, uint32_t cause) { m.reset_system(cause); }, "cause"_a = 0)
        .def_prop_ro("hit", hit)
        .def_prop_ro("special_registers", special_registers)
        .def("set_special_register", set_special_register, "name"_a, "value"_a)
        // The core's own registers (0xE0000000 to 0xE00FFFFF).
        .def("core_read", [](Machine& m, uint32_t address, unsigned bytes) {
            const Region* region = m.bus.find(address);
            const bool is_chips_own = region != nullptr && region->device != nullptr;       // DBGMCU
            return is_chips_own ? region->device->read(address - region->start, bytes) : m.system.debug_read(address, bytes);
        },
             "address"_a, "bytes"_a)
        .def("core_write", [](Machine& m, uint32_t address, uint32_t value, unsigned bytes) {
            const Region* region = m.bus.find(address);
            const bool is_chips_own = region != nullptr && region->device != nullptr;
            if (is_chips_own) region->device->write(address - region->start, value, bytes);
            else m.system.debug_write(address, value, bytes);
        },
             "address"_a, "value"_a, "bytes"_a);
}

}  // namespace tinysim
