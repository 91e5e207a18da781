#include "bind/description.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

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

struct TimingField {
    const char* name;
    int32_t CoreTiming::*member;
    int least, most;
};
constexpr TimingField timing_fields[] = {
    {"branch_refill", &CoreTiming::branch_refill, 0, 8},
    {"branch_register_refill", &CoreTiming::branch_register_refill, 0, 8},
    {"fetch_restart", &CoreTiming::fetch_restart, 0, 8},
    {"wide_store_hides_restart", &CoreTiming::wide_store_hides_restart, 0, 1},
    {"system_bus_fetch", &CoreTiming::system_bus_fetch, 1, 8},
    {"misaligned_wide_load_pairs", &CoreTiming::misaligned_wide_load_pairs, 0, 1},
    {"no_operation_absorbed", &CoreTiming::no_operation_absorbed, 0, 1},
    {"fetch_queue", &CoreTiming::fetch_queue, 0, 1},
    {"load_pipelining", &CoreTiming::load_pipelining, 0, 1},
    {"address_dependency", &CoreTiming::address_dependency, 0, 1},
    {"it_folding", &CoreTiming::it_folding, 0, 1},
    {"fp_result_latency", &CoreTiming::fp_result_latency, 0, 1},
    {"fp_overlap", &CoreTiming::fp_overlap, 0, 1},
    {"load_pc_refill", &CoreTiming::load_pc_refill, 0, 8},
    {"table_branch", &CoreTiming::table_branch, 1, 16},
    {"vfp_divide", &CoreTiming::vfp_divide, 1, 64},
    {"vfp_square_root", &CoreTiming::vfp_square_root, 1, 64},
    {"vfp_multiply_accumulate", &CoreTiming::vfp_multiply_accumulate, 1, 16},
    {"divide_base", &CoreTiming::divide_base, 0, 64},
    {"divide_bits_per_cycle", &CoreTiming::divide_bits_per_cycle, 1, 32},
    {"divide_minimum", &CoreTiming::divide_minimum, 1, 64},
    {"divide_maximum", &CoreTiming::divide_maximum, 1, 64},
    {"exception_entry", &CoreTiming::exception_entry, 1, 64},
    {"exception_exit", &CoreTiming::exception_exit, 1, 64},
    {"tail_chain", &CoreTiming::tail_chain, 1, 64},
    {"exception_stack_push", &CoreTiming::exception_stack_push, 0, 64},
    {"exception_vector_fetch", &CoreTiming::exception_vector_fetch, 0, 64},
    {"interrupt_synchroniser", &CoreTiming::interrupt_synchroniser, 0, 64},
    {"fp_stacking", &CoreTiming::fp_stacking, 0, 64},
    {"wake_up", &CoreTiming::wake_up, 0, 1000},
    {"peripheral_read_wait", &CoreTiming::peripheral_read_wait, 0, 64},
};

CoreTiming timing_from(const Numbers& chip) {
    CoreTiming timing;
    for (const TimingField& field : timing_fields)
        timing.*field.member = static_cast<int32_t>(take(chip, field.name, timing.*field.member));
    return timing;
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
    options.identity.systick_reference_divider = take(chip, "systick_reference_divider", 0);
    options.identity.systick_calibration = static_cast<uint32_t>(take(chip, "systick_calibration", 0));
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

void play(Machine& machine, const std::string& name, const Times& ticks, const Values& values, Tick end, const std::string& quantity) {
    if (ticks.shape(0) != values.shape(0)) throw nb::value_error("one time per row is needed");
    Recording recording;
    recording.quantity = quantity;
    recording.columns = static_cast<unsigned>(values.shape(1));
    recording.times.assign(ticks.data(), ticks.data() + ticks.size());
    recording.values.assign(values.data(), values.data() + values.size());
    recording.end = end;
    machine.play(name, std::move(recording));
}

}  // namespace

std::map<std::string, std::pair<int, int>> timing_ranges() {
    std::map<std::string, std::pair<int, int>> ranges;
    for (const TimingField& field : timing_fields) ranges[field.name] = {field.least, field.most};
    return ranges;
}

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
        .def("play", play, "name"_a, "ticks"_a, "values"_a, "end"_a, "quantity"_a = "acceleration")
        .def("watch_stage", [](Machine& m, uint32_t address, unsigned stage) {
            m.cpu.stage_entries[address & ~1u] = static_cast<uint16_t>(stage);
            m.cpu.watch_code(address & ~1u);
        }, "address"_a, "stage"_a);
}

}  // namespace tinysim
