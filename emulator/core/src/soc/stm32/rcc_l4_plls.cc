// The PLLs of the STM32L4, and what RCC_CCIPR and CCIPR2 select for single blocks.
#include <algorithm>

#include "soc/stm32/rcc_l4.h"
#include "soc/stm32/rcc_l4_registers.h"

namespace tinysim::stm32 {

using namespace rcc_l4;

namespace {
constexpr int64_t vco_input_most_hz = 16'000'000, vco_least_hz = 64'000'000, vco_most_hz = 344'000'000;
constexpr uint32_t n_least = 8, n_most = 86, n_most_plus = 127;
// Fields as `clockSelection` has them: the position in CCIPR, from 32 on in CCIPR2. All others choose as usual_clock() says.
enum Selection : uint32_t {
    LPTIM1SEL = 18, LPTIM2SEL = 20, SAI1SEL = 22, SAI2SEL = 24, CLK48SEL = 26, ADCSEL = 28, SWPMI1SEL = 30, DFSDM1SEL = 31,
    PLUS_DFSDM1SEL = 32 + 2, ADFSDM1SEL = 32 + 3, PLUS_SAI1SEL = 32 + 5, PLUS_SAI2SEL = 32 + 8, SDMMCSEL = 32 + 14,
    OSPISEL = 32 + 20
};

uint32_t n_of(uint32_t configuration) { return configuration >> 8 & 127; }
}  // namespace

L4Rcc::Source L4Rcc::pll_source() const {
    static constexpr Source sources[] = {none, msi, hsi, hse};
    return sources[value(PLLCFGR) & 3];
}

uint32_t L4Rcc::pll_input_divider(uint32_t offset) const {
    return (value(plus_ ? offset : PLLCFGR) >> 4 & 15) + 1;         // L4+: each PLL has its M
}

void L4Rcc::start_plls() {
    const bool source_runs = is_ready(pll_source());
    const auto start = [&](Oscillator& oscillator, uint32_t on, uint32_t offset, bool& warned, const char* name) {
        const bool wanted = (value(CR) & on) != 0 && source_runs;
        if (wanted && !oscillator.is_on()) check_pll(offset, warned, name);
        oscillator.request(wanted);
    };
    start(pll_osc_, pll_on, PLLCFGR, warned_pll_, "PLLCFGR");
    start(sai1_osc_, sai1_on, PLLSAI1CFGR, warned_sai1_, "PLLSAI1CFGR");
    start(sai2_osc_, sai2_on, PLLSAI2CFGR, warned_sai2_, "PLLSAI2CFGR");
}

void L4Rcc::check_pll(uint32_t offset, bool& warned, const char* name) {
    const uint32_t n = n_of(value(offset)), highest_n = plus_ ? n_most_plus : n_most;
    const int64_t input_hz = hz_of(pll_source()) / pll_input_divider(offset), vco_hz = input_hz * n;
    const int64_t input_least_hz = plus_ ? 2'660'000 : 4'000'000;
    const bool fits = n >= n_least && n <= highest_n && input_hz * 101 / 100 >= input_least_hz &&
                      input_hz <= vco_input_most_hz && vco_hz >= vco_least_hz && vco_hz <= vco_most_hz;
    if (fits) return;
    const std::string text = std::string(name) + " is outside what the PLL is made for (VCO input 4..16 MHz, L4+ 2.66..16 MHz; VCO 64..344 MHz)";
    warn_once(warned, text.c_str());
}

Tick L4Rcc::pll_ticks(uint32_t offset, uint32_t divider) const {
    const __int128 numerator = static_cast<__int128>(scheduler_.ticks_per_second()) * pll_input_divider(offset) * divider;
    const __int128 denominator = std::max<__int128>(static_cast<__int128>(hz_of(pll_source())) * std::max(n_of(value(offset)), 1u), 1);
    return static_cast<Tick>((numerator + denominator / 2) / denominator);
}

Tick L4Rcc::output_ticks(const Oscillator& oscillator, uint32_t offset, uint32_t enable) const {
    const uint32_t configuration = value(offset);
    if (!oscillator.is_ready() || (configuration & enable) == 0) return 0;
    return pll_ticks(offset, enable == pll_p_enable   ? p_divider(configuration)
                             : enable == pll_q_enable ? q_divider(configuration)
                                                      : r_divider(configuration));
}

// RM0351 6.4.27: CLK48SEL.
Tick L4Rcc::pll48_ticks_now() const {
    switch (value(CCIPR) >> CLK48SEL & 3) {
    case 0: return hsi48_osc_.is_ready() ? period_of(hsi48_hz) : 0;
    case 1: return output_ticks(sai1_osc_, PLLSAI1CFGR, pll_q_enable);
    case 2: return output_ticks(pll_osc_, PLLCFGR, pll_q_enable);
    default: return msi_osc_.is_ready() ? period_of(msi_hz()) : 0;
    }
}

// PLLSAI1, PLLSAI2, PLL by P; the pin SAI_EXTCLK, where nothing is; L4+: HSI16.
Tick L4Rcc::sai_clock(uint32_t choice) const {
    switch (choice) {
    case 0: return output_ticks(sai1_osc_, PLLSAI1CFGR, pll_p_enable);
    case 1: return output_ticks(sai2_osc_, PLLSAI2CFGR, pll_p_enable);
    case 2: return output_ticks(pll_osc_, PLLCFGR, pll_p_enable);
    case 4: return hsi_osc_.is_ready() ? period_of(hsi_hz_) : 0;
    default: return 0;
    }
}

Tick L4Rcc::adc_clock(uint32_t choice) const {
    switch (choice) {
    case 1: return output_ticks(sai1_osc_, PLLSAI1CFGR, pll_r_enable);
    case 2: return plus_ ? 0 : output_ticks(sai2_osc_, PLLSAI2CFGR, pll_r_enable);
    case 3: return sysclk_ticks_;
    default: return 0;
    }
}

// PCLK, SYSCLK, HSI16, LSE (I2C: the first three).
Tick L4Rcc::usual_clock(uint32_t choice, uint32_t gate) const {
    switch (choice) {
    case 1: return sysclk_ticks_;
    case 2: return hsi_osc_.is_ready() ? period_of(hsi_hz_) : 0;
    case 3: return lse_osc_.is_ready() ? period_of(lse_hz_) : 0;
    default: return period(bus_clock(gate));
    }
}

Tick L4Rcc::kernel_period(uint32_t selection, uint32_t gate) const {
    const auto choice = [&](uint32_t mask) { return value(selection < 32 ? CCIPR : CCIPR2) >> (selection & 31) & mask; };
    const auto msi_ticks = [&] { return msi_osc_.is_ready() ? period_of(msi_hz()) : 0; };
    switch (selection) {
    case LPTIM1SEL:
    case LPTIM2SEL:
        if (choice(3) == 1) return lsi_osc_.is_ready() ? period_of(lsi_hz_) : 0;
        return usual_clock(choice(3), gate);
    case SAI1SEL:
    case SAI2SEL: return sai_clock(choice(3));
    case PLUS_SAI1SEL:
    case PLUS_SAI2SEL: return sai_clock(choice(7));
    case CLK48SEL: return pll48_ticks_;
    case ADCSEL: return adc_clock(choice(3));
    case SWPMI1SEL: return usual_clock(2 * choice(1), gate);
    case DFSDM1SEL:
    case PLUS_DFSDM1SEL: return usual_clock(choice(1), gate);
    case ADFSDM1SEL:
        if (choice(3) == 0) return kernel_period(PLUS_SAI1SEL, gate);
        return choice(3) == 1 ? usual_clock(2, gate) : msi_ticks();
    case SDMMCSEL: return choice(1) == 0 ? pll48_ticks_ : output_ticks(pll_osc_, PLLCFGR, pll_p_enable);
    case OSPISEL:
        if (choice(3) == 0) return sysclk_ticks_;
        return choice(3) == 1 ? msi_ticks() : output_ticks(pll_osc_, PLLCFGR, pll_q_enable);
    default: return usual_clock(choice(3), gate);
    }
}

}  // namespace tinysim::stm32
