// RCC: reset and clock control of STM32L4 (RM0351 6) and, with the parameter plus, of STM32L4+ (RM0432 6).
// rcc_l4.cc: registers, gates, resets; rcc_l4_clocks.cc: oscillators, the tree; rcc_l4_plls.cc: PLLs and the clocks of single
// blocks; rcc_l4_registers.h: the tables.
// Parameters: hseFrequency, lseFrequency in Hz (0: nothing is soldered on), references flash (a ClockListener). Input 0: the
// HSE fails; 1: PWR's DBP; 2: the NRST pin is pulled low. The SYSCLK period is rounded to a whole tick, all else derives from it
// by whole factors.
// Assumed: a switch of SYSCLK or of the MSI range takes no time; MSI in PLL mode runs at the data sheet's multiple of LSE; a
// bypassed HSE or LSE starts like a crystal; the NMI of CSS comes once, on a chip until CSSF is cleared. MCO makes no pin move: the
// record's level "<name>.MCO" is its frequency in Hz from the first selection in CFGR on. Not modelled: LSCO, SMENR's bits of DMA
// controllers and memories (a gap when cleared: they keep their clock), trimming, CSS on LSE, the pins SAI_EXTCLK (they stand
// still); MSI's range behind Standby is 4 MHz's.
#pragma once

#include "soc/stm32/clock_listener.h"
#include "soc/stm32/oscillator.h"
#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class L4Rcc : public Peripheral, public ClockTree, public ClockListener {
public:
    explicit L4Rcc(const Construction& construction);

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

    void clock_changed(int64_t) override {}                         // its own news
    void voltage_range_changed(VoltageRange range) override;        // from PWR

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    uint32_t merge_base(uint32_t offset) override { return read_register(offset); }

private:
    enum Source : uint8_t { msi = 0, hsi = 1, hse = 2, pll = 3, none = 4 };
    struct BlockReset {
        uint32_t gate;
        std::function<void()> run;
    };

    uint32_t read_cr() const;
    void write_cr(uint32_t written);
    void write_pll(uint32_t offset, uint32_t written);
    void write_cfgr(uint32_t written);
    void write_bdcr(uint32_t written);
    void write_csr(uint32_t written);
    void write_resets(uint32_t offset, uint32_t written);
    void write_gates(uint32_t offset, uint32_t written);
    void write_sleep_gates(uint32_t offset, uint32_t written);
    uint32_t held_bits(uint32_t sleep_offset) const;
    void update_irq();

    bool is_ready(Source source) const;
    Source pll_source() const;
    int64_t hz_of(Source source) const;
    int64_t msi_hz() const;
    bool uses(Source source) const;       // SYSCLK comes from it, directly or through the PLL
    void request_oscillators();
    void on_ready(unsigned flag);         // bit of CIFR
    void on_hse_failure(bool failed);
    void start_plls();                    // those that are on and whose source runs
    void check_pll(uint32_t offset, bool& warned, const char* name);
    void follow_switch();
    void update_tree();
    void check_limits();
    Tick sysclk_ticks() const;
    bool is_held(uint32_t gate) const;    // asleep or in Stop, by SMENR
    Tick rtc_ticks_now() const;
    Tick pll48_ticks_now() const;
    uint32_t pll_input_divider(uint32_t offset) const;
    Tick pll_ticks(uint32_t offset, uint32_t divider) const;        // of the PLL that is set up there
    Tick output_ticks(const Oscillator& oscillator, uint32_t offset, uint32_t enable) const;        // 0: it stands still
    Tick sai_clock(uint32_t choice) const;
    Tick adc_clock(uint32_t choice) const;
    Tick usual_clock(uint32_t choice, uint32_t gate) const;
    void tell();                          // whoever must hear of a change
    bool has_new_slow_clock();            // RTCCLK, the 48 MHz clock
    Tick output_source_ticks() const;     // of MCO
    void note_output();
    Tick period_of(int64_t clock_hz) const;

    SystemRequests& system_;
    ClockListener* const flash_;
    const bool plus_;
    const int64_t hsi_hz_, hse_hz_, lsi_hz_, lse_hz_;
    const int64_t most_hz_[3];            // HCLK, by VoltageRange
    Oscillator msi_osc_, hsi_osc_, hse_osc_, lsi_osc_, lse_osc_, pll_osc_, sai1_osc_, sai2_osc_, hsi48_osc_;
    Source system_source_ = msi;
    VoltageRange range_ = VoltageRange::range_1;
    Tick sysclk_ticks_ = 0, hclk_ticks_ = 0, pclk1_ticks_ = 0, pclk2_ticks_ = 0, timers1_ticks_ = 0, timers2_ticks_ = 0;
    Tick rtc_ticks_ = 0, pll48_ticks_ = 0;
    uint8_t ready_ = 0;                   // LSI, LSE, HSI, which blocks may run on
    Tick cpu_ticks_ = 0;                  // as told to the CPU
    const uint16_t output_level_;         // MCO in the record
    int32_t output_hz_ = 0;
    uint32_t flags_ = 0;                  // CIFR
    uint32_t reset_causes_;               // of CSR
    uint32_t backup_ = 0;                 // BDCR outlives system resets
    bool backup_writable_ = true, hse_failed_ = false, stopped_ = false, keeps_lsi_ = false, asleep_ = false;
    bool warned_backup_ = false, warned_no_hse_ = false, warned_no_lse_ = false, warned_pll_ = false,
         warned_sai1_ = false, warned_sai2_ = false, warned_sleep_ = false;
    uint8_t warned_hclk_ = 0;             // by VoltageRange
    std::vector<std::function<void()>> listeners_;
    std::vector<BlockReset> block_resets_;
    std::vector<std::function<void()>> backup_resets_;
};

}  // namespace tinysim::stm32
