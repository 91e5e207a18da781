// What the FLASH register blocks of STM32F4 and STM32L4 share: locks, one operation at a time with its time on the array,
// the CPU that halts meanwhile, FLASH_ACR as it configures the timing, and the check of wait states against the clock.
// An operation changes the array when it begins. Chip parameters: timing/README.md.
// Two banks: input 0, MEMRMP.FB_MODE, puts the second where the first stands; banks, pages, sectors and their protection keep
// their numbers. Output "Boot2" to SYSCFG: the option byte BFB2 asks for a start from bank 2, and its first word points to RAM
// (the boot loader's look, H; its time is not modelled).
// Option bytes: programmed with their time, loaded as the family does; write protection acts, and lowering the read-out level
// from 1 to 0 erases the flash. Not modelled: what else option bytes do (read-out of PCROP areas, brown-out levels, hardware
// watchdogs, boot), what level 1 hides from a debugger, reads that stall while the code runs from elsewhere, one bank read while the other is busy, supply limits,
// ECC, the stale lines that an erase leaves in the caches, misreads when the wait states are too few (reported instead).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "soc/stm32/clock_listener.h"
#include "soc/stm32/peripheral.h"
#include "timing/stm32_flash.h"
#include "tinysim/memory.h"

namespace tinysim::stm32 {

// KEYR and its like: two keys in their order open, anything else jams the lock until reset.
class KeyLock {
public:
    KeyLock(uint32_t first, uint32_t second) : first_(first), second_(second) {}
    bool is_open() const { return step_ == open; }
    bool put(uint32_t key) {                // false: wrong, which is a bus error
        if (step_ == closed && key == first_) step_ = half_open;
        else if (step_ == half_open && key == second_) step_ = open;
        else step_ = jammed;
        return step_ != jammed;
    }
    void close() { step_ = step_ == jammed ? jammed : closed; }
    void reset() { step_ = closed; }
    void state(Archive& archive) { archive(step_); }

private:
    enum Step : uint8_t { closed, half_open, open, jammed };
    const uint32_t first_, second_;
    Step step_ = closed;
};

class FlashController : public Peripheral, public ClockListener {
public:
    void state(Archive& archive) override = 0;      // has a body: derived ones begin with it
    void reset() override;
    void note_reset(uint32_t cause) override;
    Line* output(std::string_view name) override { return name == "Boot2" ? &boot_2_ : Peripheral::output(name); }
    std::optional<Line::Sink> input(unsigned number) override;

    // Warns, once per clock and latency, when the array is read faster than LATENCY allows. Called on changes of either.
    void check_clock(int64_t hclk_hz);
    void clock_changed(int64_t hclk_hz) override;
    void voltage_range_changed(VoltageRange range) override;

protected:
    struct Offsets {
        uint32_t acr, keyr, optkeyr, sr, cr;
    };
    FlashController(const Construction& construction, RegisterTable table, const Offsets& offsets,
                    const Stm32FlashParameters& timing);        // throws: a cache that cannot be

    // A store into the array while no other operation runs; false is a bus error.
    virtual bool program(uint32_t offset, uint32_t value, unsigned bytes) = 0;
    virtual void write_cr(uint32_t written) = 0;
    virtual void write_acr(uint32_t written);
    virtual void write_sr(uint32_t written);                    // a 1 clears
    virtual void on_done() {}                                   // of an operation
    virtual bool asks_for_bank_2() const = 0;                   // BFB2
    virtual uint32_t bank_bytes() const = 0;                    // the whole array: it has one bank

    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

    bool is_busy() const { return scheduler_.now() < busy_until_ticks_; }
    Tick busy_until() const { return busy_until_ticks_; }
    void occupy(Tick duration_ticks);
    void fail(uint32_t sr_bits);
    void update_irq();
    uint32_t place_of(uint32_t offset) const;       // where what is at `offset` of the unswapped array stands
    void erase(uint32_t place, uint32_t count);
    void and_into(uint32_t offset, uint32_t value, unsigned bytes);
    bool is_erased(uint32_t offset, uint32_t count) const;
    Tick ticks_of_ns(int64_t ns) const;
    void configure_timing();

    static bool is_unlocking(uint32_t before_rdp, uint32_t rdp) { return level_of(before_rdp) == 1 && level_of(rdp) == 0; }
    static unsigned level_of(uint32_t rdp) { return (rdp & 0xFF) == 0xAA ? 0 : (rdp & 0xFF) == 0xCC ? 2 : 1; }

    SystemRequests& system_;
    Memory* const flash_;
    const std::unique_ptr<Stm32Flash> timing_;
    const uint32_t latency_bits_;                   // of FLASH_ACR.LATENCY
    KeyLock cr_lock_, option_lock_;

private:
    using Limits = std::vector<int64_t>;            // highest HCLK by LATENCY
    const Limits& limits() const;
    void end_operation();
    void swap_banks(bool is_swapped);
    bool can_start_from_bank_2() const;

    const Offsets offsets_;
    const Limits range_1_max_hz_, range_1_boost_max_hz_, range_2_max_hz_;
    Event done_;
    Line boot_2_;
    bool is_swapped_ = false;
    Tick busy_until_ticks_ = 0;
    int64_t hclk_hz_ = 0;
    VoltageRange range_ = VoltageRange::range_1;
    std::vector<int64_t> warned_;                   // clocks, with latency and range, that were reported
};

// FLASH_ACR, SR and CR bits at the same place in both families.
inline constexpr uint32_t acr_prften = 1u << 8, acr_icen = 1u << 9, acr_dcen = 1u << 10, acr_icrst = 1u << 11,
                          acr_dcrst = 1u << 12, sr_eop = 1u << 0, sr_operr = 1u << 1, sr_wrperr = 1u << 4, sr_bsy = 1u << 16, cr_pg = 1u << 0,
                          cr_eopie = 1u << 24, cr_errie = 1u << 25, cr_lock = 1u << 31;

}  // namespace tinysim::stm32
