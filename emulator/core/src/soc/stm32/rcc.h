// RCC: reset and clock control of the STM32F4. RM0090 6 (F407), RM0368, RM0383, RM0390 as far as they are the same.
// rcc.cc: registers, gates, resets; rcc_clocks.cc: oscillators, PLLs, the tree. Parameters: hseFrequency, lseFrequency in
// Hz (0: nothing is soldered on), references flash (a ClockListener). Input 0: the HSE fails; 1: PWR's DBP.
// The SYSCLK period is rounded to a whole tick and everything on the chip derives from it by whole factors, so that
// nothing on it drifts against the rest; against an outside clock an odd PLL ratio is off by up to half a tick a cycle.
// Assumed: a switch of SYSCLK takes no time; a bypassed HSE or LSE starts like a crystal. Not modelled: the NMI of CSS
// (CSSF is set), MCO, SSCGR's effect, LPENR, HSITRIM's effect, the RTC's clock, PLLI2S beyond its ready flag.
#pragma once

#include <array>

#include "soc/stm32/clock_listener.h"
#include "soc/stm32/oscillator.h"
#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Rcc : public Peripheral, public ClockTree {
public:
    explicit Rcc(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    void note_reset(uint32_t cause) override;
    std::optional<Line::Sink> input(unsigned number) override;

    Tick period(Clock clock) const override;
    bool is_open(uint32_t gate) const override;
    Clock bus_clock(uint32_t gate) const override;
    void on_change(std::function<void()> listener) override { listeners_.push_back(std::move(listener)); }
    void on_block_reset(uint32_t gate, std::function<void()> reset) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    uint32_t merge_base(uint32_t offset) override { return read_register(offset); }

private:
    enum Source : uint8_t { hsi = 0, hse = 1, pll = 2 };
    struct BlockReset {
        uint32_t gate;
        std::function<void()> run;
    };

    uint32_t read_cr() const;
    void write_cr(uint32_t written);
    void write_cfgr(uint32_t written);
    void write_cir(uint32_t written);
    void write_bdcr(uint32_t written);
    void write_csr(uint32_t written);
    void write_resets(uint32_t offset, uint32_t written);
    void reset_backup_domain();

    bool is_ready(Source source) const;
    Source pll_source() const;
    void on_ready(unsigned flag);         // bit of CIR
    void on_hse_failure(bool failed);
    void start_plls();                    // those that are on and whose source runs
    void check_pll();
    void follow_switch();
    void update_tree();
    void check_limits();
    Tick sysclk_ticks() const;
    void update_irq();

    SystemRequests& system_;
    ClockListener* const flash_;
    const int64_t hsi_hz_, hse_hz_, lsi_hz_, lse_hz_;
    const int64_t hclk_most_hz_, pclk1_most_hz_, pclk2_most_hz_;
    Oscillator hsi_osc_, hse_osc_, lsi_osc_, lse_osc_, pll_osc_, plli2s_osc_;
    Source system_source_ = hsi;
    Tick hclk_ticks_ = 0, pclk1_ticks_ = 0, pclk2_ticks_ = 0, timers1_ticks_ = 0, timers2_ticks_ = 0;
    Tick cpu_ticks_ = 0;                  // as told to the CPU
    uint32_t flags_ = 0;                  // of CIR
    uint32_t reset_causes_;               // of CSR
    uint32_t backup_ = 0;                 // BDCR outlives system resets
    bool backup_writable_ = true, hse_failed_ = false;
    bool warned_backup_ = false, warned_no_hse_ = false, warned_no_lse_ = false, warned_pll_ = false,
         warned_hclk_ = false, warned_pclk1_ = false, warned_pclk2_ = false;
    std::vector<std::function<void()>> listeners_;
    std::vector<BlockReset> block_resets_;
};

}  // namespace tinysim::stm32
