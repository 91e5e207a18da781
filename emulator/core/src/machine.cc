#include "machine.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace tinysim {
namespace {

std::string hexadecimal(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08X", value);
    return text;
}

[[noreturn]] void complain(const std::string& text) { throw std::invalid_argument(text); }

}  // namespace

Machine::Machine(const MachineOptions& options)
    : scheduler(options.ticks_per_second), recorder(scheduler),
      cpu(scheduler, bus, options.timing, options.irq_count, options.priority_bits, options.ticks_per_second / options.cpu_hz),
      system(cpu, scheduler, recorder, options.identity), chip_(options.chip),
      apb_read_wait_(static_cast<uint32_t>(options.timing.peripheral_read_wait)) {
    cpu.system = &system;
    recorder.pc = [this] { return cpu.slice_cl != 0 && cpu.op != nullptr ? cpu.op->address() : cpu.pc; };   // in a slice pc is old
    bus.matrix.configure(options.chip);
    bus.matrix.cycle_ticks = cpu.ticks_per_cycle;
    cpu.timing.pairs_across_blocks = bus.matrix.timing.pairs_across_blocks;
    if (bus.matrix.timing.bit_band != 0) bus.add_bit_band();
}

void Machine::add_memory(const std::string& name, uint32_t size, MemoryKind kind, uint8_t fill, const std::vector<uint32_t>& addresses) {
    Memory& memory = bus.add_memory(std::make_unique<Memory>(name, size, kind, fill));
    memory.on_code_changed = [this, &memory](uint32_t offset, uint32_t count) { cpu.invalidate_code(memory, offset, count); };
    for (uint32_t address : addresses) {
        const std::string other = bus.add({address, address + (size - 1), name, &memory, nullptr, 0});
        if (!other.empty()) complain("memory '" + name + "' at " + hexadecimal(address) + " overlaps '" + other + "'");
    }
}

Construction Machine::construction(const NodeDescription& description, uint32_t address) {
    Construction all{description.name, description.type, address, description.numbers, description.texts, chip_,
                     scheduler, recorder, bus, *this, fabric};
    for (const auto& [attribute, name] : description.references) {
        auto found = nodes_.find(name);
        if (found != nodes_.end()) all.nodes[attribute] = found->second.get();
    }
    return all;
}

Node& Machine::build(const NodeDescription& description, uint32_t address) {
    Factory factory = find_factory(description.type);
    if (factory == nullptr) complain("'" + description.name + "' has the unknown type '" + description.type + "'");
    return adopt(description.name, factory(construction(description, address)));
}

Node& Machine::adopt(const std::string& name, std::unique_ptr<Node> node) {
    if (nodes_.contains(name)) complain("'" + name + "' is there twice");
    node->reset();
    order_.push_back(node.get());
    bus.rebuild_windows();                                  // a flash controller has given its memory wait states
    return *(nodes_[name] = std::move(node));
}

void Machine::add_device(const NodeDescription& description, const std::vector<uint32_t>& addresses, uint32_t size) {
    Node& node = build(description, addresses.empty() ? 0 : addresses.front());
    auto* device = dynamic_cast<Device*>(&node);
    if (device == nullptr && !addresses.empty()) complain("'" + description.name + "' has no registers to put on the bus");
    place(description.name, device, addresses, size);
}

void Machine::add_device(const std::string& name, std::unique_ptr<Device> device, const std::vector<uint32_t>& addresses, uint32_t size) {
    Device* placed = device.get();
    adopt(name, std::move(device));
    place(name, placed, addresses, size);
}

void Machine::place(const std::string& name, Device* device, const std::vector<uint32_t>& addresses, uint32_t size) {
    for (uint32_t address : addresses) {
        const std::string other = bus.add({address, address + (size - 1), name, nullptr, device, apb_read_wait_});
        if (!other.empty()) complain("'" + name + "' at " + hexadecimal(address) + " overlaps '" + other + "'");
    }
}

void Machine::add_part(const NodeDescription& description, const std::string& parent, uint32_t point) {
    Node& host = node(parent);
    Node& part = build(description, point);
    const auto taken = [&] { complain("two parts stand at " + std::to_string(point) + " of '" + parent + "'"); };
    if (I2cTarget* target = part.i2c_target(); target != nullptr && host.i2c() != nullptr) {
        auto& plug = plugs_[description.name] = std::make_unique<I2cPlug>(*target);
        if (!host.i2c()->attach(static_cast<uint16_t>(point), *plug)) taken();
    } else if (SpiTarget* spi = part.spi_target(); spi != nullptr && host.spi() != nullptr) {
        host.spi()->attach(*spi);
    } else if (PdmSource* microphone = part.pdm_source(); microphone != nullptr && host.pdm_sockets() != nullptr) {
        if (!host.pdm_sockets()->attach(point, *microphone)) taken();
    } else if (WordSource* sound = part.word_source(); sound != nullptr && host.word_sockets() != nullptr) {
        if (!host.word_sockets()->attach(point, *sound)) taken();
    } else if (AnalogSource* voltage = part.analog_source(); voltage != nullptr && host.analog_sockets() != nullptr) {
        if (!host.analog_sockets()->attach(point, *voltage)) taken();
    }
    // A LED or button on a port has its place there; its wire stands in the platform file on its own.
}

void Machine::add_gap(uint32_t start, uint32_t last) {
    // Around what is modelled: a gap range fills the holes between regions.
    uint64_t at = start;
    std::vector<std::pair<uint32_t, uint32_t>> taken;
    for (const Region& region : bus.regions())
        if (region.start <= last && start <= region.last) taken.emplace_back(region.start, region.last);
    for (auto [from, to] : taken) {
        if (from > at) bus.add({static_cast<uint32_t>(at), from - 1, "gap", nullptr, nullptr, apb_read_wait_});
        at = std::max<uint64_t>(at, static_cast<uint64_t>(to) + 1);
    }
    if (at <= last) bus.add({static_cast<uint32_t>(at), last, "gap", nullptr, nullptr, apb_read_wait_});
}

Node& Machine::node(const std::string& name) const {
    auto found = nodes_.find(name);
    if (found == nodes_.end()) complain("there is no '" + name + "' on this platform");
    return *found->second;
}

void Machine::connect(const std::string& source, const std::string& output, const std::string& target, unsigned input) {
    Line* line = source == "nvic" && output == "InSleep" ? &cpu.in_sleep : node(source).output(output);
    if (line == nullptr) complain("'" + source + "' has no output '" + output + "'");
    if (target == "nvic") {
        line->connect([this, input](bool level) { cpu.set_interrupt(input, level); });
        return;
    }
    auto sink = node(target).input(input);
    if (!sink) complain("'" + target + "' has no input " + std::to_string(input));
    line->connect(*sink);
}

void Machine::play(const std::string& name, Recording recording) {
    recordings_.push_back(std::make_unique<Recording>(std::move(recording)));
    if (!node(name).play(*recordings_.back()))
        complain("'" + name + "' takes no stream of " + recordings_.back()->quantity);
}

void Machine::power_on(uint32_t vector_table) {
    vector_table_ = vector_table;
    cpu.power_on(vector_table);
}

void Machine::reset_nodes(uint32_t cause) {
    for (Node* each : order_) each->note_reset(cause);
    for (Node* each : order_) each->reset();
    cpu.power_on(vector_table_);
    if (profile) profile->restart_core();
}

void Machine::pull_out(const std::string& part, bool out) {
    auto found = plugs_.find(part);
    if (found == plugs_.end()) complain("'" + part + "' is on no I2C bus");
    found->second->pull(out);
}

Stop Machine::run(Tick until, HostWait wait, bool single) {
    const auto stop_cpu = [this] { cpu.host_stop = true; };
    recorder.on_newline = wait == HostWait::newline ? std::function<void()>(stop_cpu) : nullptr;
    recorder.on_notice = wait == HostWait::notice ? std::function<void()>(stop_cpu) : nullptr;
    cpu.log.on_new_gap = recorder.on_notice;
    for (;;) {
        const Stop stop = is_off ? Stop::deadlock : cpu.run(until, single);
        if (stop != Stop::reset || is_off) return stop;
        ++resets;
        reset_nodes(std::exchange(reset_cause_, 0));
    }
}

void Machine::settle() {
    for (Node* each : order_) each->settle();
}

// The description (what stands where, streams, observed functions) is not in it: the same platform must be built.
void Machine::state(Archive& archive) {
    archive.section("machine");
    archive(is_off, resets, vector_table_, reset_cause_);
    scheduler.state(archive);
    for (const auto& memory : bus.memories()) {
        archive.section("memory " + memory->name());
        memory->state(archive);
    }
    archive.section("bus");
    bus.matrix.state(archive);                              // in front of the devices: DMA announces its activity again
    archive.section("cpu");
    cpu.exceptions.state(archive);
    cpu.state(archive);
    system.state(archive);
    for (const auto& [name, node] : nodes_) {
        archive.section("device " + name);
        node->state(archive);
    }
    archive.section("plugs");
    for (const auto& [name, plug] : plugs_) plug->state(archive);
    archive.section("record");
    recorder.state(archive);
    cpu.log.state(archive);
    archive.finish();
}

std::shared_ptr<Snapshot> Machine::snapshot() {
    auto taken = std::make_shared<Snapshot>();
    const auto before = last_snapshot_.lock();
    Archive archive(*taken, before.get(), scheduler);
    state(archive);
    last_snapshot_ = taken;
    return taken;
}

void Machine::restore(const Snapshot& snapshot) {
    if (profile) complain("a profiled machine cannot go back to a snapshot: its cycles are charged already");
    const auto before = this->snapshot();
    try {
        Archive archive(snapshot, scheduler);
        state(archive);
    } catch (const ArchiveMismatch&) {
        Archive back(*before, scheduler);
        state(back);
        throw;
    }
}

void Machine::reset_system(uint32_t cause) {
    reset_cause_ = cause;
    cpu.system_reset_requested = true;
    cpu.host_stop = true;
}

void Machine::stall_cpu_until(Tick until) {
    cpu.stalled_until = std::max(cpu.stalled_until, until);
    cpu.exceptions.changed = true;
}

Memory* Machine::memory(std::string_view name) {
    if (Memory* found = bus.memory(name)) return found;
    auto node = nodes_.find(std::string(name));
    return node == nodes_.end() ? nullptr : node->second->memory();
}

void Machine::set_wake_latency(Tick ticks) { cpu.wake_latency = ticks; }

void Machine::set_power_control(PowerControl* control) { cpu.power = control; }

void Machine::cut_core_supply(uint32_t cause, std::string_view kept) {
    reset_nodes(cause);
    for (const auto& memory : bus.memories())
        if (memory->kind() == MemoryKind::ram && memory->name() != kept) memory->lose();
    cpu.sleeping = true;                                    // in reset: nothing is enabled that could wake it
    cpu.sleeping_since = scheduler.now();
    cpu.in_sleep.set(true);
}

void Machine::send_event() { cpu.event_register = true; }

void Machine::raise_nmi() { cpu.exceptions.set_pending(nmi); }

void Machine::system_off() {
    is_off = true;
    cpu.host_stop = true;
}

void Machine::set_cpu_period(Tick ticks_per_cycle) { cpu.request_period(ticks_per_cycle); }

void Machine::set_bus_clocks(Tick, Tick pclk1, Tick pclk2) {                 // HCLK: Cpu::apply_period
    if (Slave* bridge = bus.matrix.slave("apb1")) bridge->apb_cycle_ticks = pclk1;
    if (Slave* bridge = bus.matrix.slave("apb2")) bridge->apb_cycle_ticks = pclk2;
}

bool Machine::fetches_from(const Memory& memory) {
    const uint32_t pc = cpu.op != nullptr ? cpu.op->address() : cpu.pc;
    const Region* region = bus.find(pc);
    return region != nullptr && region->memory == &memory;
}

}  // namespace tinysim
