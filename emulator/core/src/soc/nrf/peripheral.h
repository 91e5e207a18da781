// What all nRF52 peripherals share: TASKS_, EVENTS_, SHORTS, INTEN, and their place in the PPI fabric.
// nRF52840 Product Specification 6.1 "Peripheral interface". Events set by hardware only; a write of 0 clears,
// a write of 1 to EVENTS_ sets it without reaching the PPI.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <unordered_map>

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim::nrf {

// Events and tasks by address: how the PPI meets peripherals that it does not know.
class EventFabric {
public:
    // While it lives, what is published and triggered happened `late_ticks` before now (Peripheral::moment).
    // An owner of a scheduled event that raises with it alive hands exact times through SHORTS and PPI.
    class Lateness {
    public:
        Lateness(EventFabric& fabric, Tick late_ticks)
            : fabric_(fabric), outer_ticks_(std::exchange(fabric.late_ticks_, late_ticks)) {}
        ~Lateness() { fabric_.late_ticks_ = outer_ticks_; }
        Lateness(const Lateness&) = delete;
        Lateness& operator=(const Lateness&) = delete;

    private:
        EventFabric& fabric_;
        const Tick outer_ticks_;
    };
    Tick late_ticks() const { return late_ticks_; }

    using Listener = std::function<void(uint32_t event_address)>;
    void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
    void publish(uint32_t event_address) {
        for (auto& listener : listeners_) listener(event_address);
    }
    void offer_task(uint32_t address, std::function<void()> run) { tasks_[address] = std::move(run); }
    bool trigger(uint32_t task_address) {                 // false: no such task
        auto found = tasks_.find(task_address);
        if (found == tasks_.end()) return false;
        found->second();
        return true;
    }

private:
    Tick late_ticks_ = 0;
    std::vector<Listener> listeners_;
    std::unordered_map<uint32_t, std::function<void()>> tasks_;
};

// Register offsets inside the 4 KB slot: task n at 4n, event n at 0x100 + 4n, then these.
inline constexpr uint32_t shorts_offset = 0x200;
inline constexpr uint32_t inten_offset = 0x300;
inline constexpr uint32_t intenset_offset = 0x304;
inline constexpr uint32_t intenclr_offset = 0x308;

class Peripheral : public Device {
public:
    explicit Peripheral(const Construction& construction);

    uint32_t read(uint32_t offset, unsigned bytes) final;
    void write(uint32_t offset, uint32_t value, unsigned bytes) final;
    void state(Archive& archive) override = 0;            // has a body: derived ones begin with it
    void reset() override;
    Line* output(std::string_view name) override { return name == "IRQ" || name == "0" ? &irq_ : nullptr; }

protected:
    struct Short { uint8_t bit, event, task; };           // SHORTS bit: event n triggers task m

    // What a peripheral declares in its constructor.
    void has_tasks(std::initializer_list<unsigned> indices);          // offers them to the PPI, too
    void has_events(std::initializer_list<unsigned> indices);         // INTEN bit n = event n unless told otherwise
    void has_shorts(std::initializer_list<Short> shorts) { short_table_ = shorts; }

    virtual void task(unsigned index) = 0;                            // TASKS_ at 4 * index was triggered
    // All the rest, word offsets outside the common registers; call not_modelled() for a register that is not there.
    virtual uint32_t read_register(uint32_t offset) { (void)offset; not_modelled(); return 0; }
    virtual void write_register(uint32_t offset, uint32_t value) { (void)offset; (void)value; not_modelled(); }
    virtual void on_inten_written() {}                                // e.g. RTC's EVTEN, GPIOTE's
    virtual bool is_enabled() const { return true; }                  // tasks of a disabled block do nothing
    virtual bool reaches_ppi(unsigned event) const { (void)event; return true; }      // RTC: by EVTEN

    void raise(unsigned event);                                       // sets EVENTS_, runs SHORTS, IRQ, PPI
    void clear(unsigned event) { put(event, false); update_irq(); }
    bool event_is_set(unsigned event) const { return ((events_ >> event) & 1) != 0; }
    Tick moment() const { return scheduler_.now() - fabric_.late_ticks(); }   // when the task or event at hand happened
    uint32_t shorts() const { return shorts_; }
    uint32_t inten() const { return inten_; }
    void update_irq();

    Scheduler& scheduler_;
    Recorder& recorder_;
    EventFabric& fabric_;
    const std::string name_;
    const uint32_t address_;

private:
    // A task or event that the block did not declare is a gap.
    void write_task(unsigned index, uint32_t value);
    uint32_t read_event(unsigned index);
    void write_event(unsigned index, uint32_t value);

    void put(unsigned event, bool set) {
        const uint64_t bit = uint64_t{1} << event;
        events_ = set ? events_ | bit : events_ & ~bit;
    }

    uint64_t events_ = 0;
    uint64_t event_mask_ = 0;
    uint64_t task_mask_ = 0;
    uint32_t shorts_ = 0;
    uint32_t inten_ = 0;
    std::vector<Short> short_table_;
    Line irq_;
};

}  // namespace tinysim::nrf
