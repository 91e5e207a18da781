// One machine: scheduler, bus, nodes, CPU, and the wiring between them as the platform file has it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bus/bus.h"
#include "cpu/profile.h"
#include "cpu/system_control.h"
#include "parts/i2c_plug.h"
#include "soc/nrf/peripheral.h"
#include "trace/writer.h"
#include "tinysim/recording.h"
#include "tinysim/registry.h"

namespace tinysim {

struct MachineOptions {
    int64_t ticks_per_second = 0;
    int64_t cpu_hz = 0;
    unsigned irq_count = 0, priority_bits = 0;
    CoreTiming timing;
    CoreIdentity identity;
    std::map<std::string, int64_t> chip;             // integer parameters of the chip's .toml, for devices
};

struct NodeDescription {
    std::string name, type;
    std::map<std::string, int64_t> numbers;
    std::map<std::string, std::string> texts;
    std::map<std::string, std::string> references;   // attribute -> node name
};

// What the host waits for besides the time: Stop::host.
enum class HostWait { nothing, newline, notice };

// Errors of the description are std::invalid_argument with one clear line; nothing throws while the guest runs.
class Machine final : public SystemRequests {
public:
    explicit Machine(const MachineOptions& options);

    void add_memory(const std::string& name, uint32_t size, MemoryKind kind, uint8_t fill, const std::vector<uint32_t>& addresses);
    void add_device(const NodeDescription& description, const std::vector<uint32_t>& addresses, uint32_t size);
    void add_device(const std::string& name, std::unique_ptr<Device> device, const std::vector<uint32_t>& addresses, uint32_t size);
    void add_part(const NodeDescription& description, const std::string& parent, uint32_t point);
    void add_gap(uint32_t start, uint32_t last);
    void connect(const std::string& source, const std::string& output, const std::string& target, unsigned input);
    void play(const std::string& name, Recording recording);
    Node& node(const std::string& name) const;

    void power_on(uint32_t vector_table);
    Stop run(Tick until, HostWait wait, bool single = false);
    void pull_out(const std::string& part, bool out);       // of its I2C bus, or in again
    void settle();

    // The complete state, between two runs. A snapshot of another platform throws ArchiveMismatch and changes nothing.
    std::shared_ptr<Snapshot> snapshot();
    void restore(const Snapshot& snapshot);

    // System requests of devices.
    void reset_system(uint32_t cause) override;
    void stall_cpu_until(Tick until) override;
    Memory* memory(std::string_view name) override;
    void system_off() override;
    void set_wake_latency(Tick ticks) override;
    void set_power_control(PowerControl* control) override;
    void cut_core_supply(uint32_t cause, std::string_view kept) override;
    void send_event() override;
    void raise_nmi() override;
    bool fetches_from(const Memory& memory) override;
    void set_cpu_period(Tick ticks_per_cycle) override;
    void set_bus_clocks(Tick hclk, Tick pclk1, Tick pclk2) override;

    Scheduler scheduler;
    Bus bus;
    Recorder recorder;
    nrf::EventFabric fabric;
    Cpu cpu;
    SystemControl system;
    std::unique_ptr<TraceWriter> tracer;             // cpu.tracer points to it; null: nobody asked
    std::unique_ptr<Profile> profile;                // cpu.profile points to it; null: nobody asked
    bool is_off = false;
    int64_t resets = 0;

private:
    Construction construction(const NodeDescription& description, uint32_t address);
    Node& build(const NodeDescription& description, uint32_t address);
    Node& adopt(const std::string& name, std::unique_ptr<Node> node);
    void place(const std::string& name, Device* device, const std::vector<uint32_t>& addresses, uint32_t size);
    void reset_nodes(uint32_t cause);
    void state(Archive& archive);

    std::map<std::string, int64_t> chip_;
    std::map<std::string, std::unique_ptr<Node>> nodes_;
    std::vector<Node*> order_;
    std::map<std::string, std::unique_ptr<I2cPlug>> plugs_;  // of the parts on I2C buses
    std::vector<std::unique_ptr<Recording>> recordings_;
    std::weak_ptr<const Snapshot> last_snapshot_;    // the next one shares its pages
    uint32_t vector_table_ = 0;
    uint32_t reset_cause_ = 0;
    uint32_t apb_read_wait_ = 0;
};

}  // namespace tinysim
