// What RCC is to the other blocks of an STM32: clocks as periods in ticks, each block's gate, each block's reset bit.
// A gate is named by its enable register and bit, (offset << 8 | bit), as in `gate: 0x4011` for APB1ENR.17; the same bit
// of the reset register stands 0x20 below in all families that have this RCC.
#pragma once

#include <cstdint>
#include <functional>

#include "tinysim/scheduler.h"

namespace tinysim::stm32 {

enum class Clock : uint8_t { hclk, pclk1, pclk2, timers1, timers2, lsi, lse, rtc, pll48 };      // timersN: timers of APBn

// What a guest's dividers and counts make of a clock can be more than a Tick holds: `most` then, which no run lasts.
constexpr Tick capped_ticks(Tick period, int64_t count, Tick most = Tick{1} << 61) {
    return count > 0 && period > most / count ? most : period * count;
}

class ClockTree {
public:
    virtual ~ClockTree() = default;
    virtual Tick period(Clock clock) const = 0;                       // ticks of one cycle, 0 while it stands still
    virtual bool is_open(uint32_t gate) const = 0;                    // and not held
    virtual Clock bus_clock(uint32_t gate) const = 0;                 // of the bus that the gate's block is on
    // What a selection field picks for a block; without such a field the block's bus clock.
    virtual Tick kernel_period(uint32_t selection, uint32_t gate) const { return (void)selection, period(bus_clock(gate)); }
    virtual void on_change(std::function<void()> listener) = 0;       // some period has changed, from now on
    virtual void on_block_reset(uint32_t gate, std::function<void()> reset) = 0;
    virtual void on_backup_reset(std::function<void()> reset) = 0;    // BDCR.BDRST
    // Stop: all clocks but LSI and LSE stand still from now on; then those that the chip wakes with run.
    virtual void stop() = 0;
    virtual void restart() = 0;
    // Sleep: a block whose gate for it (LPENR, SMENR) is closed is held, with all its clocks, until the CPU wakes.
    virtual void sleep() = 0;
    virtual void wake() = 0;
};

// Causes of a reset that are no bits of RCC_CSR (its two lowest are LSI's): the core domain loses its supply, and has it again.
// What lives in the backup domain or on LSI ignores both.
inline constexpr uint32_t standby_begins = 1, standby_ends = 2;
constexpr bool is_standby(uint32_t cause) { return cause == standby_begins || cause == standby_ends; }

inline constexpr uint32_t enable_to_sleep = 0x20;      // from ENR to LPENR or SMENR, in all families that have this RCC
inline constexpr uint32_t no_gate = 0;      // a block whose clock cannot be switched off
// Else the lowest bit of the field: RCC's offset << 8 | bit (STM32F4); its position in CCIPR, from 32 on in CCIPR2 (STM32L4).
inline constexpr uint32_t no_selection = 0xFFFFFFFF;

}  // namespace tinysim::stm32
