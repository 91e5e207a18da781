// CLOCK and POWER, one slot and one interrupt. nRF52840 Product Specification 5.3 (POWER), 5.4
// (CLOCK). clock_power.cc: registers and POWER; oscillators.cc: CLOCK. Inputs: 0 = the CPU sleeps.
// Outputs beside IRQ: LFCLK and HFXO (running), CONSTLAT.
// Assumed: a clock started again while it runs reports at once; HFXO start-up grows by 16 us per
// step of HFXODEBOUNCE above its reset value; LFCLKSTAT shows LFRC while LFXO starts.
// Not modelled: a difference in accuracy of the sources, automatic requests by peripherals, brown-
// out and POFWARN (the supply is steady), USB supply (VBUS absent), loss of RAM switched off in
// RAM[n].POWER, LFRCMODE's effect, the debug port that APPROTECT.DISABLE opens, RAMSTATUS and
// undocumented addresses (gaps that read 0).
#pragma once

#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class NrfClockPower : public Peripheral {
public:
    explicit NrfClockPower(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    void note_reset(uint32_t cause) override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;
    void on_inten_written() override;

private:
    enum class LfSource : uint8_t { rc = 0, crystal = 1, synthesized = 2, none = 3 };
    static constexpr size_t plain_registers = 8;
    static constexpr unsigned ram_blocks = 9;

    uint32_t& plain(uint32_t offset);  // a register that just keeps what is written
    bool write_ram_power(uint32_t offset, uint32_t value);
    void write_power(uint32_t offset, uint32_t value);
    void choose_latency();              // sub-modes of System ON, 5.3.3
    Tick ticks_of_us(int64_t us) const { return us * scheduler_.ticks_per_second() / 1'000'000; }

    // oscillators.cc
    void clock_task(unsigned index);
    uint32_t read_clock_status(uint32_t offset);
    void stop_clocks();
    void start_hfxo();
    void stop_hfxo();
    void start_lfclk();
    void stop_lfclk();
    void lfclk_runs_from(LfSource source);
    void calibrate();
    void start_calibration_timer();

    SystemRequests& system_;
    const int64_t hfxo_startup_us_, lfxo_startup_us_, lfrc_startup_us_, lfsynt_startup_us_,
        lfrc_calibration_us_, idle_to_cpu_ns_, idle_to_cpu_constant_latency_ns_;
    Event hfxo_event_, lfrc_event_, lfclk_event_, calibration_event_, calibration_timer_event_;
    Line lfclk_, hfxo_, constlat_;

    std::array<uint32_t, plain_registers> plain_{};
    std::array<uint32_t, ram_blocks> ram_power_{};
    uint32_t resetreas_ = 0, gpregret_ = 0, gpregret2_ = 0;
    bool hfclk_started_ = false, lfclk_started_ = false;
    uint32_t lfclksrc_copy_ = 0;
    LfSource lf_source_ = LfSource::none;
    bool knows_sleep_ = false, warned_calibration_ = false;
};

namespace clock_power {
enum Task : unsigned {
    hfclkstart = 0,
    hfclkstop = 1,
    lfclkstart = 2,
    lfclkstop = 3,
    cal = 4,
    ctstart = 5,
    ctstop = 6,
    constlat = 30,
    lowpwr = 31
};
enum Signal : unsigned {
    hfclkstarted = 0,
    lfclkstarted = 1,
    pofwarn = 2,
    done = 3,
    ctto = 4,
    sleepenter = 5,
    sleepexit = 6,
    usbdetected = 7,
    usbremoved = 8,
    usbpwrrdy = 9,
    ctstarted = 10,
    ctstopped = 11
};
inline constexpr uint32_t lfclksrc_offset = 0x518, hfxodebounce_offset = 0x528, ctiv_offset = 0x538;
inline constexpr uint32_t hfxodebounce_after_reset = 0x10;
}  // namespace clock_power

}  // namespace tinysim::nrf
