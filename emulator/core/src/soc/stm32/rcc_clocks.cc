// The clock tree: oscillators with their start-up times, PLL, prescalers, and whoever must hear of a change.
#include "soc/stm32/rcc.h"

namespace tinysim::stm32 {

namespace {
constexpr uint32_t PLLCFGR = 0x04, CFGR = 0x08, CR = 0x00;
constexpr uint32_t pll_on = 1u << 24, plli2s_on = 1u << 26, pll_from_hse = 1u << 22;
constexpr int64_t vco_input_least_hz = 950'000, vco_input_most_hz = 2'100'000, vco_least_hz = 100'000'000,
                  vco_most_hz = 432'000'000;

unsigned hclk_divider(uint32_t cfgr) {
    static constexpr unsigned dividers[] = {2, 4, 8, 16, 64, 128, 256, 512};
    const uint32_t hpre = (cfgr >> 4) & 15;
    return hpre < 8 ? 1 : dividers[hpre & 7];
}

unsigned pclk_divider(uint32_t ppre) { return ppre < 4 ? 1 : 2u << (ppre & 3); }

Clock bus_of_register(uint32_t offset) {
    return offset < 0x40 ? Clock::hclk : offset == 0x40 ? Clock::pclk1 : Clock::pclk2;
}

Tick period_of(int64_t ticks_per_second, int64_t clock_hz) {
    return clock_hz == 0 ? 0 : (ticks_per_second + clock_hz / 2) / clock_hz;
}
}  // namespace

Rcc::Source Rcc::pll_source() const { return (value(PLLCFGR) & pll_from_hse) != 0 ? hse : hsi; }

bool Rcc::is_ready(Source source) const {
    return source == hsi ? hsi_osc_.is_ready() : source == hse ? hse_osc_.is_ready() : pll_osc_.is_ready();
}

void Rcc::start_plls() {
    const bool source_runs = is_ready(pll_source());
    const bool starts = (value(CR) & pll_on) != 0 && source_runs && !pll_osc_.is_on();
    if (starts) check_pll();
    pll_osc_.request((value(CR) & pll_on) != 0 && source_runs);
    plli2s_osc_.request((value(CR) & plli2s_on) != 0 && source_runs);
}

void Rcc::check_pll() {
    const uint32_t pllcfgr = value(PLLCFGR), m = pllcfgr & 63, n = (pllcfgr >> 6) & 511;
    const int64_t source_hz = pll_source() == hse ? hse_hz_ : hsi_hz_;
    const bool divides = m >= 2 && n >= 50 && n <= 432;
    const int64_t input_hz = divides ? source_hz / m : 0, vco_hz = input_hz * n;
    if (input_hz < vco_input_least_hz || input_hz > vco_input_most_hz || vco_hz < vco_least_hz || vco_hz > vco_most_hz)
        warn_once(warned_pll_, "PLLCFGR is outside what the PLL is made for (VCO input 0.95..2.1 MHz, VCO 100..432 MHz)");
}

void Rcc::follow_switch() {
    const uint32_t wanted = value(CFGR) & 3;
    if (wanted <= pll && is_ready(static_cast<Source>(wanted))) system_source_ = static_cast<Source>(wanted);
}

Tick Rcc::sysclk_ticks() const {
    const int64_t ticks_per_second = scheduler_.ticks_per_second();
    if (system_source_ != pll) return period_of(ticks_per_second, system_source_ == hsi ? hsi_hz_ : hse_hz_);
    const uint32_t pllcfgr = value(PLLCFGR);
    const int64_t m = std::max<int64_t>(pllcfgr & 63, 1), n = std::max<int64_t>((pllcfgr >> 6) & 511, 1);
    const int64_t p = 2 * ((pllcfgr >> 16 & 3) + 1);
    const __int128 source_hz = pll_source() == hse ? hse_hz_ : hsi_hz_;
    const __int128 numerator = static_cast<__int128>(ticks_per_second) * m * p, denominator = source_hz * n;
    return static_cast<Tick>((numerator + denominator / 2) / denominator);
}

void Rcc::update_tree() {
    const uint32_t cfgr = value(CFGR), ppre1 = (cfgr >> 10) & 7, ppre2 = (cfgr >> 13) & 7;
    const Tick hclk = std::max<Tick>(sysclk_ticks(), 1) * hclk_divider(cfgr);
    const Tick pclk1 = hclk * pclk_divider(ppre1), pclk2 = hclk * pclk_divider(ppre2);
    if (hclk == hclk_ticks_ && pclk1 == pclk1_ticks_ && pclk2 == pclk2_ticks_) return;
    hclk_ticks_ = hclk;
    pclk1_ticks_ = pclk1;
    pclk2_ticks_ = pclk2;
    timers1_ticks_ = pclk1 == hclk ? pclk1 : pclk1 / 2;      // RM0090 6.2: twice PCLK unless that is HCLK
    timers2_ticks_ = pclk2 == hclk ? pclk2 : pclk2 / 2;
    check_limits();
    system_.set_bus_clocks(hclk, pclk1, pclk2);
    if (hclk != cpu_ticks_) {
        cpu_ticks_ = hclk;
        system_.set_cpu_period(hclk);
        if (flash_ != nullptr) flash_->clock_changed(period_of(scheduler_.ticks_per_second(), hclk));
    }
    for (auto& each : listeners_) each();
}

void Rcc::check_limits() {
    const int64_t second = scheduler_.ticks_per_second();
    if (second / hclk_ticks_ > hclk_most_hz_) warn_once(warned_hclk_, "HCLK is above the chip's limit");
    if (second / pclk1_ticks_ > pclk1_most_hz_) warn_once(warned_pclk1_, "PCLK1 is above the chip's limit");
    if (second / pclk2_ticks_ > pclk2_most_hz_) warn_once(warned_pclk2_, "PCLK2 is above the chip's limit");
}

Clock Rcc::bus_clock(uint32_t gate) const { return bus_of_register(gate >> 8); }

Tick Rcc::period(Clock clock) const {
    switch (clock) {
    case Clock::hclk: return hclk_ticks_;
    case Clock::pclk1: return pclk1_ticks_;
    case Clock::pclk2: return pclk2_ticks_;
    case Clock::timers1: return timers1_ticks_;
    case Clock::timers2: return timers2_ticks_;
    case Clock::lsi: return period_of(scheduler_.ticks_per_second(), lsi_hz_);
    case Clock::lse: return period_of(scheduler_.ticks_per_second(), lse_hz_);
    }
    return 0;
}

}  // namespace tinysim::stm32
