// What STM32 peripherals share: a table of their registers, the clock gate and reset bit in RCC, the bus bridge's way
// with bytes and halfwords (RM0090 2.3.2: the AHB-APB bridge repeats them over the word; AHB blocks take lanes).
// Parameters: `rcc` (reference), `gate` and `clockSelection` (clock_tree.h); without them `frequency` in Hz is the clock,
// as in Renode.
// Not modelled: registers held in reset while the reset bit stays set.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "soc/stm32/clock_tree.h"
#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim::stm32 {

// One word of a block's register map; no name: nothing is there. `writable` are the bits that keep what is written.
struct Register {
    const char* name = nullptr;
    uint32_t reset = 0;
    uint32_t writable = 0;
};
using RegisterTable = std::span<const Register>;

enum class Bridge : uint8_t { ahb, apb };

constexpr uint32_t when(bool is_set, uint32_t bits) { return is_set ? bits : 0; }
// A parameter that is 1 where a chip has a feature.
inline bool flag(const Construction& construction, const char* name) { return construction.number(name, 0) != 0; }

class Peripheral : public Device {
public:
    uint32_t read(uint32_t offset, unsigned bytes) final;
    void write(uint32_t offset, uint32_t value, unsigned bytes) final;
    void state(Archive& archive) override = 0;            // has a body: derived ones begin with it
    void reset() override;
    const char* register_name(uint32_t offset) const { return has(offset) ? table_[offset / 4].name : nullptr; }
    Line* output(std::string_view name) override { return name == "IRQ" || name == "0" ? &irq_ : nullptr; }

protected:
    Peripheral(const Construction& construction, RegisterTable table, Bridge bridge);

    virtual uint32_t read_register(uint32_t offset) { return value(offset); }
    virtual void write_register(uint32_t offset, uint32_t written) { store(offset, written); }
    virtual uint32_t merge_base(uint32_t offset) { return value(offset); }       // what lanes not written keep (AHB)
    virtual void on_clock_changed() {}
    // While the block's clock stands (Stop, its gate closed, in Sleep by LPENR) these events stand still, and go on behind it.
    enum class StopsWith : uint8_t { bus, kernel };
    void wait_in_stop(std::initializer_list<Event*> events, StopsWith clock = StopsWith::bus);
    bool is_stopped() const { return tree_ != nullptr && clock_ticks() == 0; }
    ClockTree* tree() const { return tree_; }

    uint32_t& value(uint32_t offset) { return values_[offset / 4]; }
    uint32_t value(uint32_t offset) const { return values_[offset / 4]; }
    void store(uint32_t offset, uint32_t written) {
        const uint32_t mask = table_[offset / 4].writable;
        values_[offset / 4] = (written & mask) | (values_[offset / 4] & ~mask);
    }
    bool is_clocked() const { return tree_ == nullptr || gate_ == no_gate || tree_->is_open(gate_); }
    Tick clock_ticks() const;                             // of the block's bus
    Tick timer_ticks() const;                             // of the timers on that bus
    Tick kernel_ticks() const;                            // of the clock that RCC selects for the block; 0: it stands still
    Tick clock_ticks(Clock clock, int64_t otherwise_hz) const;
    void warn_once(bool& warned, const char* text);
    uint32_t cleared(uint32_t offset) const { return table_[offset / 4].writable & ~value(offset); }      // bits that could be 1

    Scheduler& scheduler_;
    Recorder& recorder_;
    const std::string name_;
    Line irq_;
    unsigned access_bytes_ = 4;                           // of the access that is being made

private:
    bool has(uint32_t offset) const { return offset / 4 < table_.size() && table_[offset / 4].name != nullptr; }
    bool answers(uint32_t offset);
    void follow_stop();

    const RegisterTable table_;
    const Bridge bridge_;
    const uint32_t gate_, selection_;
    const int64_t frequency_hz_;
    ClockTree* const tree_;
    std::vector<uint32_t> values_;
    std::vector<Event*> waiting_events_;
    std::vector<Tick> left_ticks_;                        // of each of them in Stop; never: it was not scheduled
    StopsWith stops_with_ = StopsWith::bus;
    bool stopped_ = false;
    std::vector<uint8_t> warned_;                         // registers touched without a clock, by offset / 4
};

}  // namespace tinysim::stm32
