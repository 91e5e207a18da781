// The clock tree of the STM32F4: oscillators, prescalers, limits, and whoever must hear of a change.
#include <algorithm>

#include "soc/stm32/prescalers.h"
#include "soc/stm32/rcc.h"

namespace tinysim::stm32 {

using namespace rcc_f4;

namespace {
Clock bus_of_register(uint32_t offset) {
    return offset < 0x40 ? Clock::hclk : offset == 0x40 ? Clock::pclk1 : Clock::pclk2;
}

}  // namespace

bool Rcc::is_ready(Source source) const {
    return source == hsi ? hsi_osc_.is_ready() : source == hse ? hse_osc_.is_ready() : pll_osc_.is_ready();
}

void Rcc::follow_switch() {
    const uint32_t wanted = value(CFGR) & 3;
    if (wanted == pll_r && !series_.is_446) return;
    if (is_ready(static_cast<Source>(wanted))) system_source_ = static_cast<Source>(wanted);
}

Tick Rcc::sysclk_ticks() const {
    const uint32_t pllcfgr = value(PLLCFGR);
    if (system_source_ == pll) return pll_ticks(PLLCFGR, 2 * ((pllcfgr >> 16 & 3) + 1));
    if (system_source_ == pll_r) return pll_ticks(PLLCFGR, pllcfgr >> 28 & 7);
    return period_of(hz_of(system_source_));
}

// RM0090 6.3.20: RTCSEL; HSE is divided by CFGR.RTCPRE for it.
Tick Rcc::rtc_ticks_now() const {
    if ((backup_ & rtc_on) == 0) return 0;
    const uint32_t divider = value(CFGR) >> 16 & 31;
    switch (backup_ >> 8 & 3) {
    case 1: return lse_osc_.is_ready() ? period(Clock::lse) : 0;
    case 2: return lsi_osc_.is_ready() ? period(Clock::lsi) : 0;
    case 3: return hse_osc_.is_ready() && divider >= 2 ? period_of(hse_hz_) * divider : 0;
    default: return 0;
    }
}

bool Rcc::has_new_slow_clock() {
    const Tick rtc = rtc_ticks_now(), pll48 = pll48_ticks_now();
    const auto ready = static_cast<uint8_t>((lsi_osc_.is_ready() ? 1 : 0) | (lse_osc_.is_ready() ? 2 : 0) | (hsi_osc_.is_ready() ? 4 : 0));
    const bool has_news = rtc != rtc_ticks_ || pll48 != pll48_ticks_ || ready != ready_;
    rtc_ticks_ = rtc;
    pll48_ticks_ = pll48;
    ready_ = ready;
    return has_news;
}

void Rcc::tell() {
    note_outputs();
    for (auto& each : listeners_) each();
}

// RM0090 6.3.3: MCO1 is HSI, LSE, HSE or PLL, MCO2 SYSCLK, PLLI2S, HSE or PLL.
Tick Rcc::output_1_ticks() const {
    switch (value(CFGR) >> 21 & 3) {
    case 0: return hsi_osc_.is_ready() ? period_of(hsi_hz_) : 0;
    case 1: return lse_osc_.is_ready() ? period_of(lse_hz_) : 0;
    case 2: return hse_osc_.is_ready() ? period_of(hse_hz_) : 0;
    default: return output_ticks(pll_osc_, PLLCFGR, 2 * ((value(PLLCFGR) >> 16 & 3) + 1));
    }
}

Tick Rcc::output_2_ticks() const {
    switch (value(CFGR) >> 30) {
    case 0: return stopped_ ? 0 : sysclk_ticks();
    case 1: return i2s_clock(0);
    case 2: return hse_osc_.is_ready() ? period_of(hse_hz_) : 0;
    default: return output_ticks(pll_osc_, PLLCFGR, 2 * ((value(PLLCFGR) >> 16 & 3) + 1));
    }
}

void Rcc::note_outputs() {
    const uint32_t cfgr = value(CFGR);
    if ((cfgr & output_bits) == 0) return;
    const auto note = [this](unsigned output, Tick ticks, uint32_t prescaler) {
        const auto hz = static_cast<int32_t>(period_of(ticks) / (prescaler < 4 ? 1 : prescaler - 2));
        if (hz != std::exchange(output_hz_[output], hz)) recorder_.level(output_levels_[output], hz);
    };
    note(0, output_1_ticks(), cfgr >> 24 & 7);
    note(1, output_2_ticks(), cfgr >> 27 & 7);
}

// RM0090 5.3.5: HSI, HSE and the PLLs are switched off; the chip wakes on HSI.
void Rcc::stop() {
    stopped_ = true;
    for (Oscillator* each : {&hsi_osc_, &hse_osc_, &pll_osc_, &plli2s_osc_, &pllsai_osc_}) each->stop();
    value(CR) &= ~every_on;
    hclk_ticks_ = pclk1_ticks_ = pclk2_ticks_ = timers1_ticks_ = timers2_ticks_ = 0;
    has_new_slow_clock();
    tell();
}

void Rcc::restart() {
    stopped_ = false;
    hsi_osc_.set_running();
    value(CR) |= hsi_on;
    value(CFGR) &= ~3u;
    system_source_ = hsi;
    update_tree();
}

void Rcc::update_tree() {
    const bool has_news = has_new_slow_clock();
    if (stopped_) {
        if (has_news) tell();
        return;
    }
    const uint32_t cfgr = value(CFGR), ppre1 = (cfgr >> 10) & 7, ppre2 = (cfgr >> 13) & 7;
    const Tick hclk = std::max<Tick>(sysclk_ticks(), 1) * hclk_divider(cfgr);
    const Tick pclk1 = hclk * pclk_divider(ppre1), pclk2 = hclk * pclk_divider(ppre2);
    // RM0090 6.2, TIMPRE: twice PCLK or four times, but never above HCLK.
    const int factor = (value(DCKCFGR) & timer_prescaler) != 0 ? 4 : 2;
    const Tick timers1 = std::max(hclk, pclk1 / factor), timers2 = std::max(hclk, pclk2 / factor);
    const bool is_same = hclk == hclk_ticks_ && pclk1 == pclk1_ticks_ && pclk2 == pclk2_ticks_;
    if (is_same && timers1 == timers1_ticks_ && timers2 == timers2_ticks_ && !has_news) return;
    hclk_ticks_ = hclk;
    pclk1_ticks_ = pclk1;
    pclk2_ticks_ = pclk2;
    timers1_ticks_ = timers1;
    timers2_ticks_ = timers2;
    check_limits();
    system_.set_bus_clocks(hclk, pclk1, pclk2);
    if (hclk != cpu_ticks_) {
        cpu_ticks_ = hclk;
        system_.set_cpu_period(hclk);
        if (flash_ != nullptr) flash_->clock_changed(period_of(hclk));
    }
    tell();
}

void Rcc::check_limits() {
    check_limit(hclk_ticks_, hclk_most_hz_, warned_hclk_, "RCC_CFGR: HCLK");
    check_limit(pclk1_ticks_, pclk1_most_hz_, warned_pclk1_, "RCC_CFGR.PPRE1: PCLK1");
    check_limit(pclk2_ticks_, pclk2_most_hz_, warned_pclk2_, "RCC_CFGR.PPRE2: PCLK2");
}

void Rcc::check_limit(Tick ticks, int64_t most_hz, bool& warned, const char* clock) {
    const int64_t clock_hz = scheduler_.ticks_per_second() / ticks;
    if (clock_hz <= most_hz) return;
    const std::string text = std::string(clock) + " is " + std::to_string(clock_hz) + " Hz, the chip's limit is " +
                             std::to_string(most_hz) + " Hz";
    warn_once(warned, text.c_str());
}

Clock Rcc::bus_clock(uint32_t gate) const { return bus_of_register(gate >> 8); }

Tick Rcc::period(Clock clock) const {
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
