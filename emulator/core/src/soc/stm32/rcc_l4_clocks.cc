// The clock tree of the STM32L4: oscillators, prescalers, limits, and whoever must hear of a change.
#include <algorithm>

#include "soc/stm32/prescalers.h"
#include "soc/stm32/rcc_l4.h"
#include "soc/stm32/rcc_l4_registers.h"

namespace tinysim::stm32 {

using namespace rcc_l4;

Tick L4Rcc::period_of(int64_t clock_hz) const {
    return clock_hz == 0 ? 0 : (scheduler_.ticks_per_second() + clock_hz / 2) / clock_hz;
}

// In PLL mode a multiple of LSE, which the data sheet gives by range (DS10198 table 47).
int64_t L4Rcc::msi_hz() const {
    static constexpr int64_t free_hz[] = {100'000, 200'000, 400'000, 800'000, 1'000'000, 2'000'000,
                                          4'000'000, 8'000'000, 16'000'000, 24'000'000, 32'000'000, 48'000'000};
    static constexpr int64_t of_lse[] = {3, 6, 12, 24, 31, 61, 122, 244, 488, 732, 977, 1465};
    const bool by_cr = (value(CR) & msi_range_select) != 0;
    const uint32_t range = by_cr ? (value(CR) & msi_range) >> msi_range_at : (value(CSR) & standby_range) >> standby_range_at;
    const bool locked = (value(CR) & msi_pll_mode) != 0 && lse_osc_.is_ready();
    return locked ? lse_hz_ * of_lse[range] : free_hz[range];
}

int64_t L4Rcc::hz_of(Source source) const {
    return source == msi ? msi_hz() : source == hsi ? hsi_hz_ : source == hse ? hse_hz_ : 0;
}

bool L4Rcc::is_ready(Source source) const {
    switch (source) {
    case msi: return msi_osc_.is_ready();
    case hsi: return hsi_osc_.is_ready();
    case hse: return hse_osc_.is_ready();
    case pll: return pll_osc_.is_ready() && (value(PLLCFGR) & pll_r_enable) != 0;
    case none: break;
    }
    return false;
}

bool L4Rcc::uses(Source source) const {
    return system_source_ == source || (system_source_ == pll && pll_source() == source);
}

void L4Rcc::follow_switch() {
    const auto wanted = static_cast<Source>(value(CFGR) & 3);
    if (is_ready(wanted)) system_source_ = wanted;
}

Tick L4Rcc::sysclk_ticks() const {
    return system_source_ == pll ? pll_ticks(PLLCFGR, r_divider(value(PLLCFGR))) : period_of(hz_of(system_source_));
}

// RM0351 6.4.29: RTCSEL.
Tick L4Rcc::rtc_ticks_now() const {
    if ((backup_ & rtc_on) == 0) return 0;
    switch (backup_ >> 8 & 3) {
    case 1: return lse_osc_.is_ready() ? period_of(lse_hz_) : 0;
    case 2: return lsi_osc_.is_ready() ? period_of(lsi_hz_) : 0;
    case 3: return hse_osc_.is_ready() ? period_of(hse_hz_) * 32 : 0;
    default: return 0;
    }
}

bool L4Rcc::has_new_slow_clock() {
    const Tick rtc = rtc_ticks_now(), pll48 = pll48_ticks_now();
    const auto ready = static_cast<uint8_t>((lsi_osc_.is_ready() ? 1 : 0) | (lse_osc_.is_ready() ? 2 : 0) | (hsi_osc_.is_ready() ? 4 : 0));
    const bool has_news = rtc != rtc_ticks_ || pll48 != pll48_ticks_ || ready != ready_;
    rtc_ticks_ = rtc;
    pll48_ticks_ = pll48;
    ready_ = ready;
    return has_news;
}

void L4Rcc::tell() {
    note_output();
    for (auto& each : listeners_) each();
}

// RM0351 6.4.3: MCOSEL.
Tick L4Rcc::output_source_ticks() const {
    const auto of = [this](const Oscillator& oscillator, int64_t clock_hz) { return oscillator.is_ready() ? period_of(clock_hz) : 0; };
    switch (value(CFGR) >> 24 & 15) {
    case 1: return sysclk_ticks_;
    case 2: return of(msi_osc_, msi_hz());
    case 3: return of(hsi_osc_, hsi_hz_);
    case 4: return of(hse_osc_, hse_hz_);
    case 5: return output_ticks(pll_osc_, PLLCFGR, pll_r_enable);
    case 6: return of(lsi_osc_, lsi_hz_);
    case 7: return of(lse_osc_, lse_hz_);
    case 8: return of(hsi48_osc_, hsi48_hz);
    default: return 0;
    }
}

void L4Rcc::note_output() {
    if ((value(CFGR) & output_selection) == 0 && output_hz_ == 0) return;
    const auto hz = static_cast<int32_t>(period_of(output_source_ticks()) >> (value(CFGR) >> 28 & 7));
    if (hz != std::exchange(output_hz_, hz)) recorder_.level(output_level_, hz);
}

// RM0351 5.3.6: all but LSI and LSE is switched off, HSI16 unless HSIKERON keeps it for a block that wakes.
void L4Rcc::stop() {
    stopped_ = true;
    const bool keeps_hsi = hsi_osc_.is_ready() && (value(CR) & hsi_in_stop) != 0;
    for (Oscillator* each : {&msi_osc_, &hse_osc_, &pll_osc_, &sai1_osc_, &sai2_osc_, &hsi48_osc_}) each->stop();
    value(CR) &= ~(msi_on | hse_on | pll_on | sai1_on | sai2_on);
    if (!keeps_hsi) hsi_osc_.stop(), value(CR) &= ~hsi_on;
    if (plus_) value(CRRCR) &= ~hsi48_on;
    sysclk_ticks_ = hclk_ticks_ = pclk1_ticks_ = pclk2_ticks_ = timers1_ticks_ = timers2_ticks_ = 0;
    has_new_slow_clock();
    tell();
}

// RM0351 6.2.9: on what STOPWUCK says; MSI keeps its range.
void L4Rcc::restart() {
    stopped_ = false;
    system_source_ = (value(CFGR) & wake_to_hsi) != 0 ? hsi : msi;
    const bool starts_hsi = system_source_ == hsi || (value(CR) & hsi_after_stop) != 0;
    if (system_source_ == msi) msi_osc_.set_running();
    if (starts_hsi) hsi_osc_.set_running();
    value(CR) |= (system_source_ == msi ? msi_on : 0) | (starts_hsi ? hsi_on : 0);
    value(CFGR) = (value(CFGR) & ~3u) | system_source_;
    update_tree();
}

void L4Rcc::update_tree() {
    const bool has_news = has_new_slow_clock();
    if (stopped_) {
        if (has_news)
            tell();
        return;
    }
    const uint32_t cfgr = value(CFGR), ppre1 = (cfgr >> 8) & 7, ppre2 = (cfgr >> 11) & 7;
    const Tick sysclk = std::max<Tick>(sysclk_ticks(), 1), hclk = sysclk * hclk_divider(cfgr);
    const Tick pclk1 = hclk * pclk_divider(ppre1), pclk2 = hclk * pclk_divider(ppre2);
    if (sysclk == sysclk_ticks_ && hclk == hclk_ticks_ && pclk1 == pclk1_ticks_ && pclk2 == pclk2_ticks_ && !has_news) return;
    sysclk_ticks_ = sysclk;
    hclk_ticks_ = hclk;
    pclk1_ticks_ = pclk1;
    pclk2_ticks_ = pclk2;
    timers1_ticks_ = pclk1 == hclk ? pclk1 : pclk1 / 2;      // RM0351 6.2.16: twice PCLK unless that is HCLK
    timers2_ticks_ = pclk2 == hclk ? pclk2 : pclk2 / 2;
    check_limits();
    system_.set_bus_clocks(hclk, pclk1, pclk2);
    if (hclk != cpu_ticks_) {
        cpu_ticks_ = hclk;
        system_.set_cpu_period(hclk);
        if (flash_ != nullptr) flash_->clock_changed(period_of(hclk));
    }
    tell();
}

void L4Rcc::check_limits() {
    if (hclk_ticks_ == 0) return;
    static constexpr const char* texts[] = {
        "HCLK is above the limit of voltage range 1 (on L4+: range 1 normal mode, PWR_CR5.R1MODE is 1)",
        "HCLK is above the chip's limit", "HCLK is above the limit of voltage range 2 (PWR_CR1.VOS)"};
    const auto range = static_cast<unsigned>(range_);
    bool warned = (warned_hclk_ >> range & 1) != 0;
    if (scheduler_.ticks_per_second() / hclk_ticks_ > most_hz_[range]) warn_once(warned, texts[range]);
    warned_hclk_ |= static_cast<uint8_t>((warned ? 1u : 0u) << range);
}

void L4Rcc::voltage_range_changed(VoltageRange range) {
    range_ = range;
    check_limits();
}

void L4Rcc::on_ready(unsigned flag) {
    if ((value(CIER) >> flag & 1) != 0) flags_ |= 1u << flag;      // set only where its interrupt is enabled
    update_irq();
    start_plls();
    follow_switch();
    update_tree();
    tell();                          // a kernel clock may have come
}

void L4Rcc::on_hse_failure(bool failed) {
    hse_failed_ = failed;
    if (!failed) return write_cr(value(CR));
    const bool guarded = (value(CR) & css_on) != 0 && hse_osc_.is_ready();
    const bool was_used = uses(hse);
    hse_osc_.stop();
    if (pll_source() == hse)
        for (Oscillator* each : {&pll_osc_, &sai1_osc_, &sai2_osc_}) each->stop();
    if (!guarded) return recorder_.warn(name_ + ": the HSE has failed with CSS off: what runs from it stands still on a chip");
    value(CR) &= ~hse_on;
    flags_ |= 1u << css_flag;
    system_.raise_nmi();
    if (was_used) {                                                // RM0351 6.2.10: to what STOPWUCK says
        system_source_ = (value(CFGR) & wake_to_hsi) != 0 ? hsi : msi;
        (system_source_ == hsi ? hsi_osc_ : msi_osc_).set_running();
        value(CR) |= system_source_ == hsi ? hsi_on : msi_on;
        value(CFGR) = (value(CFGR) & ~3u) | system_source_;
    }
    update_tree();
}

Clock L4Rcc::bus_clock(uint32_t gate) const {
    const uint32_t offset = gate >> 8;
    return offset < APB1ENR1 ? Clock::hclk : offset < APB2ENR ? Clock::pclk1 : Clock::pclk2;
}

Tick L4Rcc::period(Clock clock) const {
    switch (clock) {
    case Clock::hclk: return hclk_ticks_;
    case Clock::pclk1: return pclk1_ticks_;
    case Clock::pclk2: return pclk2_ticks_;
    case Clock::timers1: return timers1_ticks_;
    case Clock::timers2: return timers2_ticks_;
    case Clock::lsi: return period_of(lsi_hz_);
    case Clock::lse: return period_of(lse_hz_);
    case Clock::rtc: return rtc_ticks_;
    case Clock::pll48: return pll48_ticks_;
    }
    return 0;
}

}  // namespace tinysim::stm32
