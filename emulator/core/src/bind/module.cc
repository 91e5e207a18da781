// The Python module tinysim._core: a Machine and plain arrays. Nothing here is called per instruction or per sample.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "bind/arrays.h"
#include "bind/debug.h"
#include "bind/snapshot.h"
#include "machine.h"
#include "parts/button.h"
#include "parts/led.h"
#include "tinysim/serial_port.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

using Numbers = std::map<std::string, int64_t>;
using Texts = std::map<std::string, std::string>;

int64_t take(const Numbers& numbers, const char* key, int64_t otherwise) {
    auto found = numbers.find(key);
    return found == numbers.end() ? otherwise : found->second;
}

struct TimingField { const char* name; int32_t CoreTiming::*member; };
constexpr TimingField timing_fields[] = {
    {"branch_refill", &CoreTiming::branch_refill},
    {"branch_register_refill", &CoreTiming::branch_register_refill},
    {"misaligned_wide_target_refill", &CoreTiming::misaligned_wide_target_refill},
    {"load_pc_refill", &CoreTiming::load_pc_refill},
    {"table_branch", &CoreTiming::table_branch},
    {"vfp_divide", &CoreTiming::vfp_divide},
    {"vfp_square_root", &CoreTiming::vfp_square_root},
    {"vfp_multiply_accumulate", &CoreTiming::vfp_multiply_accumulate},
    {"divide_base", &CoreTiming::divide_base},
    {"divide_bits_per_cycle", &CoreTiming::divide_bits_per_cycle},
    {"divide_minimum", &CoreTiming::divide_minimum},
    {"divide_maximum", &CoreTiming::divide_maximum},
    {"exception_entry", &CoreTiming::exception_entry},
    {"exception_exit", &CoreTiming::exception_exit},
    {"tail_chain", &CoreTiming::tail_chain},
    {"late_arrival", &CoreTiming::late_arrival},
    {"fp_stacking", &CoreTiming::fp_stacking},
    {"wake_up", &CoreTiming::wake_up},
    {"peripheral_read_wait", &CoreTiming::peripheral_read_wait},
};

CoreTiming timing_from(const Numbers& chip) {
    CoreTiming timing;
    for (const TimingField& field : timing_fields)
        timing.*field.member = static_cast<int32_t>(take(chip, field.name, timing.*field.member));
    return timing;
}

std::vector<std::string> timing_names() {
    std::vector<std::string> names;
    for (const TimingField& field : timing_fields) names.emplace_back(field.name);
    return names;
}

MachineOptions options_from(int64_t ticks_per_second, const Numbers& chip) {
    MachineOptions options;
    options.ticks_per_second = ticks_per_second;
    options.cpu_hz = take(chip, "cpu_hz", 0);
    if (options.cpu_hz <= 0 || ticks_per_second % options.cpu_hz != 0)
        throw nb::value_error("cpu_hz must be positive and divide ticks_per_second");
    options.irq_count = static_cast<unsigned>(take(chip, "nvic_irq_count", 48));
    options.priority_bits = static_cast<unsigned>(take(chip, "nvic_priority_bits", 3));
    options.timing = timing_from(chip);
    options.identity.cpuid = static_cast<uint32_t>(take(chip, "cpuid", options.identity.cpuid));
    options.identity.mpu_regions = static_cast<unsigned>(take(chip, "mpu_regions", options.identity.mpu_regions));
    options.identity.cycle_counter_counts_in_sleep = take(chip, "cyccnt_counts_in_sleep", 0) != 0;
    options.chip = chip;
    return options;
}

NodeDescription description(const std::string& name, const std::string& type, const Numbers& numbers, const Texts& texts,
                            const Texts& references) {
    return {name, type, numbers, texts, references};
}

using Times = nb::ndarray<const int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Values = nb::ndarray<const int32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

void play(Machine& machine, const std::string& name, const Times& ticks, const Values& values, Tick end) {
    if (ticks.shape(0) != values.shape(0)) throw nb::value_error("one time per row is needed");
    Recording recording;
    recording.columns = static_cast<unsigned>(values.shape(1));
    recording.times.assign(ticks.data(), ticks.data() + ticks.size());
    recording.values.assign(values.data(), values.data() + values.size());
    recording.end = end;
    machine.play(name, std::move(recording));
}

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

void serial_write(Machine& machine, const std::string& name, nb::bytes bytes) {
    SerialPort* port = machine.node(name).serial();
    if (port == nullptr) throw nb::value_error(("'" + name + "' has no serial port").c_str());
    port->receive({static_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

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

// For instruction tests: FP on, thread mode, this flag state.
void set_xpsr(Machine& machine, uint32_t value) { machine.cpu.set_xpsr(value | 1u << 24, true); }

void bind_description(nb::class_<Machine>& machine) {
    machine
        .def("__init__", [](Machine* place, int64_t ticks_per_second, const Numbers& chip) {
            new (place) Machine(options_from(ticks_per_second, chip));
        }, "ticks_per_second"_a, "chip"_a)
        .def("add_memory", [](Machine& m, const std::string& name, uint32_t size, bool is_flash, unsigned fill, const std::vector<uint32_t>& addresses) {
            m.add_memory(name, size, is_flash ? MemoryKind::flash : MemoryKind::ram, static_cast<uint8_t>(fill), addresses);
        }, "name"_a, "size"_a, "is_flash"_a, "fill"_a, "addresses"_a)
        .def("add_device", [](Machine& m, const std::string& type, const std::string& name, const std::vector<uint32_t>& addresses, uint32_t size,
                              const Numbers& numbers, const Texts& texts, const Texts& references) {
            m.add_device(description(name, type, numbers, texts, references), addresses, size);
        }, "type"_a, "name"_a, "addresses"_a, "size"_a = 0x1000, "numbers"_a = Numbers(), "texts"_a = Texts(), "references"_a = Texts())
        .def("add_part", [](Machine& m, const std::string& type, const std::string& name, const std::string& parent, uint32_t point,
                            const Numbers& numbers, const Texts& texts, const Texts& references) {
            m.add_part(description(name, type, numbers, texts, references), parent, point);
        }, "type"_a, "name"_a, "parent"_a, "point"_a, "numbers"_a = Numbers(), "texts"_a = Texts(), "references"_a = Texts())
        .def("add_gap", &Machine::add_gap, "start"_a, "last"_a)
        .def("connect", &Machine::connect, "source"_a, "output"_a, "target"_a, "input"_a)
        .def("play", play, "name"_a, "ticks"_a, "values"_a, "end"_a)
        .def("watch_stage", [](Machine& m, uint32_t address, unsigned stage) {
            m.cpu.stage_entries[address & ~1u] = static_cast<uint16_t>(stage);
            m.cpu.watch_code(address & ~1u);
        }, "address"_a, "stage"_a);
}

void bind_running(nb::class_<Machine>& machine) {
    machine
        .def("power_on", &Machine::power_on, "vector_table"_a)
        .def("run", [](Machine& m, Tick until, bool stop_on_newline) { return stop_name(m.run(until, stop_on_newline)); },
             "until"_a, "stop_on_newline"_a = false, nb::call_guard<nb::gil_scoped_release>())
        .def("step", [](Machine& m, Tick until) { return stop_name(m.run(until, false, true)); }, "until"_a = never)
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
        .def("serial_write", serial_write, "name"_a, "bytes"_a)
        .def("press", [](Machine& m, const std::string& name) { node_as<Button>(m, name, "button").press(); }, "name"_a)
        .def("release", [](Machine& m, const std::string& name) { node_as<Button>(m, name, "button").release(); }, "name"_a)
        .def("led_state", [](Machine& m, const std::string& name) { return node_as<Led>(m, name, "LED").state(); }, "name"_a);
}

void bind_state(nb::class_<Machine>& machine) {
    machine
        .def_prop_ro("now", [](const Machine& m) { return m.scheduler.now(); })
        .def_prop_ro("ticks_per_cycle", [](const Machine& m) { return m.cpu.ticks_per_cycle; })
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

}  // namespace

NB_MODULE(_core, module) {
    module.doc() = "The native engine of tinysim: see tinysim.engines.native for the interface that users want.";
    nb::class_<Machine> machine(module, "Machine");
    bind_description(machine);
    bind_running(machine);
    bind_debug(machine);
    bind_state(machine);
    bind_record(machine);
    bind_snapshot(module, machine);
    module.def("known_types", &known_types);
    module.def("timing_names", &timing_names);
#ifdef TINYSIM_TRAMPOLINE
    module.attr("build") = "trampoline (debug or sanitizer)";
#else
    module.attr("build") = "tail calls";
#endif
}

}  // namespace tinysim
