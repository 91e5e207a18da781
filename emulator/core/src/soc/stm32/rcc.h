// RCC: reset and clock control of the STM32F4. RM0090 6 (F405/F407, F429), RM0368 6 (F401), RM0383 6 (F411), RM0390 6 (F446).
// rcc.cc: registers, gates, resets; rcc_clocks.cc: oscillators, the tree; rcc_plls.cc: PLLs and the clocks that they give to
// single blocks; rcc_registers.h: what differs by series. Parameters: series (401, 407, 411, 429, 446), hseFrequency,
// lseFrequency in Hz (0: nothing is soldered on), references flash (a ClockListener). Input 0: the HSE fails; 1: PWR's DBP; 2:
// the NRST pin is pulled low.
// The SYSCLK period is rounded to a whole tick and everything on the chip derives from it by whole factors, so that
// nothing on it drifts against the rest; against an outside clock an odd PLL ratio is off by up to half a tick a cycle.
// Assumed: a switch of SYSCLK takes no time; a bypassed HSE or LSE starts like a crystal; the NMI of CSS comes once, on a chip
// until CSSF is cleared. MCO1 and MCO2 make no pin move: the record's levels "<name>.MCO1" and "<name>.MCO2" are their frequencies in
// Hz from the first selection in CFGR on. Not modelled: SSCGR's effect, LPENR's bits of DMA controllers and memories (a gap when
// cleared: they keep their clock), HSITRIM's effect, the I2S_CKIN pin (it stands still), CKGATENR's effect.
#pragma once

#include <array>

#include "soc/stm32/clock_listener.h"
#include "soc/stm32/oscillator.h"
#include "soc/stm32/peripheral.h"
#include "soc/stm32/rcc_registers.h"

namespace tinysim::stm32 {

class Rcc : public Peripheral, public ClockTree {
public:
    explicit Rcc(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    void note_reset(uint32_t cause) override;
    std::optional<Line::Sink> input(unsigned number) override;

    Tick period(Clock clock) const override;
    Tick kernel_period(uint32_t selection, uint32_t gate) const override;
    bool is_open(uint32_t gate) const override;
    Clock bus_clock(uint32_t gate) const override;
    void on_change(std::function<void()> listener) override { listeners_.push_back(std::move(listener)); }
    void on_block_reset(uint32_t gate, std::function<void()> reset) override;
    void on_backup_reset(std::function<void()> reset) override { backup_resets_.push_back(std::move(reset)); }
    void stop() override;
    void restart() override;
    void sleep() override;
    void wake() override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    uint32_t merge_base(uint32_t offset) override { return read_register(offset); }

private:
    enum Source : uint8_t { hsi = 0, hse = 1, pll = 2, pll_r = 3 };
    struct BlockReset {
        uint32_t gate;
        std::function<void()> run;
    };

    uint32_t read_cr() const;
    void write_cr(uint32_t written);
    void write_pll(uint32_t written);
    void write_cfgr(uint32_t written);
    void write_cir(uint32_t written);
    void write_bdcr(uint32_t written);
    void write_csr(uint32_t written);
    void write_resets(uint32_t offset, uint32_t written);
    void write_gates(uint32_t offset, uint32_t written);
    void write_low_power(uint32_t offset, uint32_t written);
    uint32_t held_bits(uint32_t low_power_offset) const;
    void reset_backup_domain();

    bool is_ready(Source source) const;
    bool uses_pll() const { return system_source_ >= pll; }
    int64_t hz_of(Source source) const { return source == hse ? hse_hz_ : hsi_hz_; }
    Source pll_source() const;
    uint32_t pll_input_divider(uint32_t offset) const;
    Tick pll_ticks(uint32_t offset, uint32_t divider) const;        // of the PLL that is set up there
    Tick output_ticks(const Oscillator& oscillator, uint32_t offset, uint32_t divider) const;       // 0: it stands still
    Tick i2s_clock(uint32_t choice) const;
    Tick sai_clock(uint32_t choice, bool is_second) const;
    Tick fmpi2c_clock(uint32_t choice, uint32_t gate) const;
    void on_ready(unsigned flag);         // bit of CIR
    void on_hse_failure(bool failed);
    void start_plls();                    // those that are on and whose source runs
    void check_pll(uint32_t offset, bool& warned, const char* text);
    void follow_switch();
    void update_tree();
    void check_limits();
    void check_limit(Tick ticks, int64_t most_hz, bool& warned, const char* clock);
    Tick sysclk_ticks() const;
    Tick period_of(int64_t clock_hz) const {
        return clock_hz == 0 ? 0 : (scheduler_.ticks_per_second() + clock_hz / 2) / clock_hz;
    }
    bool is_held(uint32_t gate) const;    // asleep, by LPENR
    Tick rtc_ticks_now() const;
    Tick pll48_ticks_now() const;
    bool has_new_slow_clock();            // RTCCLK, PLL48CK, LSI, LSE, HSI
    void tell();                          // whoever must hear of a change
    Tick output_1_ticks() const;          // of MCO1's source
    Tick output_2_ticks() const;
    void note_outputs();
    void update_irq();

    const rcc_f4::Series& series_;
    SystemRequests& system_;
    ClockListener* const flash_;
    const int64_t hsi_hz_, hse_hz_, lsi_hz_, lse_hz_;
    const int64_t hclk_most_hz_, pclk1_most_hz_, pclk2_most_hz_;
    Oscillator hsi_osc_, hse_osc_, lsi_osc_, lse_osc_, pll_osc_, plli2s_osc_, pllsai_osc_;
    Source system_source_ = hsi;
    Tick hclk_ticks_ = 0, pclk1_ticks_ = 0, pclk2_ticks_ = 0, timers1_ticks_ = 0, timers2_ticks_ = 0;
    Tick rtc_ticks_ = 0, pll48_ticks_ = 0;
    uint8_t ready_ = 0;                   // LSI, LSE, HSI, which blocks may run on
    Tick cpu_ticks_ = 0;                  // as told to the CPU
    const uint16_t output_levels_[2];     // MCO1, MCO2 in the record
    int32_t output_hz_[2] = {};
    uint32_t flags_ = 0;                  // of CIR
    uint32_t reset_causes_;               // of CSR
    uint32_t backup_ = 0;                 // BDCR outlives system resets
    bool backup_writable_ = true, hse_failed_ = false, stopped_ = false, keeps_lsi_ = false, asleep_ = false;
    bool warned_backup_ = false, warned_no_hse_ = false, warned_no_lse_ = false, warned_pll_ = false,
         warned_plli2s_ = false, warned_pllsai_ = false, warned_low_power_ = false, warned_hclk_ = false, warned_pclk1_ = false, warned_pclk2_ = false;
    std::vector<std::function<void()>> listeners_;
    std::vector<BlockReset> block_resets_;
    std::vector<std::function<void()>> backup_resets_;
};

}  // namespace tinysim::stm32
