// The type registry: one line per type of a .repl file. A factory gets all that a node may see and nothing else.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tinysim/dma_port.h"
#include "tinysim/node.h"
#include "tinysim/recorder.h"
#include "tinysim/scheduler.h"

namespace tinysim {

namespace nrf { class EventFabric; }
class Memory;

// A chip's power control: hears of each sleep of the CPU in which time passes, at its begin and when the CPU's clock runs again.
struct PowerControl {
    virtual ~PowerControl() = default;
    virtual void sleep_begins(bool is_deep) = 0;             // SCR.SLEEPDEEP; deep: CYCCNT and SysTick stand still
    virtual void sleep_ends() = 0;                           // behind the wake latency, in front of the first instruction
};

// What the machine tells a node that wants the CPU's attention beyond its lines.
struct SystemRequests {
    virtual ~SystemRequests() = default;
    virtual void reset_system(uint32_t cause) = 0;           // watchdog and the like; causes are the chip's own bits
    virtual void stall_cpu_until(Tick until) = 0;            // flash programming
    virtual Memory* memory(std::string_view name) = 0;       // for flash controllers
    virtual void system_off() = 0;                           // nRF System OFF: nothing runs until a wake-up source resets
    virtual void set_wake_latency(Tick ticks) { (void)ticks; }      // from a wake-up until the CPU's clock runs again
    virtual void set_power_control(PowerControl* control) { (void)control; }
    // Standby, from within sleep_begins(): all nodes reset for `cause`, all RAM but `kept` is lost; the CPU is held until reset_system().
    virtual void cut_core_supply(uint32_t cause, std::string_view kept) { (void)cause, (void)kept; }
    virtual void send_event() {}                             // wakes a WFE
    virtual void raise_nmi() {}                              // becomes pending
    virtual void set_cpu_period(Tick ticks_per_cycle) { (void)ticks_per_cycle; }   // HCLK has changed; from the next instruction on
    virtual void set_bus_clocks(Tick hclk, Tick pclk1, Tick pclk2) { (void)hclk, (void)pclk1, (void)pclk2; }   // periods
    virtual bool fetches_from(const Memory&) { return true; }   // is the CPU running from it? (it halts while flash is busy)
};

struct Construction {
    std::string name;
    std::string type;
    uint32_t address = 0;
    std::map<std::string, int64_t> numbers;                  // numeric and boolean parameters of the .repl entry
    std::map<std::string, std::string> texts;
    std::map<std::string, int64_t> chip;                     // integer parameters of the chip's .toml
    Scheduler& scheduler;
    Recorder& recorder;
    DmaPort& dma;
    SystemRequests& system;
    nrf::EventFabric& fabric;
    std::map<std::string, Node*> nodes = {};                 // by attribute: other entries that this one names

    int64_t number(const std::string& key, int64_t otherwise) const {
        auto found = numbers.find(key);
        return found == numbers.end() ? otherwise : found->second;
    }
    Node* node(const std::string& attribute) const {
        auto found = nodes.find(attribute);
        return found == nodes.end() ? nullptr : found->second;
    }
    int64_t chip_number(const std::string& key, int64_t otherwise) const {
        auto found = chip.find(key);
        return found == chip.end() ? otherwise : found->second;
    }
};

using Factory = std::unique_ptr<Node> (*)(const Construction&);
// Renode's type name without "Antmicro.Renode.Peripherals."; null: unknown.
Factory find_factory(std::string_view type);
std::vector<std::string> known_types();

template <class T>
std::unique_ptr<Node> make(const Construction& construction) {
    return std::make_unique<T>(construction);
}

}  // namespace tinysim
