// The PLLs of the STM32F4, and the clocks that blocks take from them: I2S, SAI, 48 MHz, SDIO, FMPI2C1.
#include <algorithm>

#include "soc/stm32/rcc.h"

namespace tinysim::stm32 {

using namespace rcc_f4;

namespace {
constexpr int64_t vco_input_least_hz = 950'000, vco_input_most_hz = 2'100'000, vco_least_hz = 100'000'000,
                  vco_most_hz = 432'000'000;
// Fields that select a block's clock, as `clockSelection` has them: offset of the register << 8 | lowest bit.
enum Selection : uint32_t {
    I2SSRC = CFGR << 8 | 23, SAI1SRC = DCKCFGR << 8 | 20, SAI2SRC = DCKCFGR << 8 | 22, I2S1SRC = DCKCFGR << 8 | 25,
    I2S2SRC = DCKCFGR << 8 | 27, FMPI2C1SEL = DCKCFGR2 << 8 | 22, CK48MSEL = DCKCFGR2 << 8 | 27, SDIOSEL = DCKCFGR2 << 8 | 28
};

uint32_t n_of(uint32_t configuration) { return configuration >> 6 & 511; }
uint32_t p_of(uint32_t configuration) { return 2 * ((configuration >> 16 & 3) + 1); }
uint32_t q_of(uint32_t configuration) { return configuration >> 24 & 15; }
uint32_t r_of(uint32_t configuration) { return configuration >> 28 & 7; }
}  // namespace

Rcc::Source Rcc::pll_source() const { return (value(PLLCFGR) & pll_from_hse) != 0 ? hse : hsi; }

uint32_t Rcc::pll_input_divider(uint32_t offset) const { return value(series_.own_dividers ? offset : PLLCFGR) & pll_input_bits; }

void Rcc::start_plls() {
    const bool source_runs = is_ready(pll_source());
    const auto start = [&](Oscillator& oscillator, uint32_t on, uint32_t offset, bool& warned, const char* text) {
        const bool wanted = (value(CR) & on) != 0 && source_runs;
        if (wanted && !oscillator.is_on()) check_pll(offset, warned, text);
        oscillator.request(wanted);
    };
    start(pll_osc_, pll_on, PLLCFGR, warned_pll_,
          "PLLCFGR is outside what the PLL is made for (VCO input 0.95..2.1 MHz, VCO 100..432 MHz)");
    start(plli2s_osc_, plli2s_on, PLLI2SCFGR, warned_plli2s_,
          "PLLI2SCFGR is outside what the PLL is made for (VCO input 0.95..2.1 MHz, VCO 100..432 MHz)");
    start(pllsai_osc_, pllsai_on, PLLSAICFGR, warned_pllsai_,
          "PLLSAICFGR is outside what the PLL is made for (VCO input 0.95..2.1 MHz, VCO 100..432 MHz)");
}

void Rcc::check_pll(uint32_t offset, bool& warned, const char* text) {
    const uint32_t m = pll_input_divider(offset), n = n_of(value(offset));
    const bool divides = m >= 2 && n >= 50 && n <= 432;
    const int64_t input_hz = divides ? hz_of(pll_source()) / m : 0, vco_hz = input_hz * n;
    if (input_hz < vco_input_least_hz || input_hz > vco_input_most_hz || vco_hz < vco_least_hz || vco_hz > vco_most_hz)
        warn_once(warned, text);
}

Tick Rcc::pll_ticks(uint32_t offset, uint32_t divider) const {
    const __int128 m = std::max(pll_input_divider(offset), 1u), n = std::max(n_of(value(offset)), 1u);
    const __int128 numerator = m * scheduler_.ticks_per_second() * std::max(divider, 1u), denominator = n * hz_of(pll_source());
    return static_cast<Tick>((numerator + denominator / 2) / denominator);
}

Tick Rcc::output_ticks(const Oscillator& oscillator, uint32_t offset, uint32_t divider) const {
    return oscillator.is_ready() && divider >= 2 ? pll_ticks(offset, divider) : 0;
}

// RM0090 6.3.3: PLLI2S or the pin I2S_CKIN; RM0390 6.3.25 has PLL_R and the PLLs' source as well.
Tick Rcc::i2s_clock(uint32_t choice) const {
    switch (choice) {
    case 0: return output_ticks(plli2s_osc_, PLLI2SCFGR, r_of(value(PLLI2SCFGR)));
    case 2: return output_ticks(pll_osc_, PLLCFGR, r_of(value(PLLCFGR)));
    case 3: return is_ready(pll_source()) ? period_of(hz_of(pll_source())) : 0;
    default: return 0;
    }
}

// RM0090 6.3.25, RM0390 6.3.25: PLLSAI and PLLI2S by Q and a divider of DCKCFGR, then PLL_R; then I2S_CKIN, for SAI2 the source.
Tick Rcc::sai_clock(uint32_t choice, bool is_second) const {
    const uint32_t dividers = value(DCKCFGR);
    switch (choice) {
    case 0: return output_ticks(pllsai_osc_, PLLSAICFGR, q_of(value(PLLSAICFGR))) * ((dividers >> 8 & 31) + 1);
    case 1: return output_ticks(plli2s_osc_, PLLI2SCFGR, q_of(value(PLLI2SCFGR))) * ((dividers & 31) + 1);
    case 2: return series_.is_446 ? i2s_clock(2) : 0;
    default: return is_second && series_.is_446 ? i2s_clock(3) : 0;
    }
}

// RM0390 6.3.26: CK48MSEL.
Tick Rcc::pll48_ticks_now() const {
    const bool from_sai = series_.is_446 && (value(DCKCFGR2) & from_pllsai) != 0;
    return from_sai ? output_ticks(pllsai_osc_, PLLSAICFGR, p_of(value(PLLSAICFGR)))
                    : output_ticks(pll_osc_, PLLCFGR, q_of(value(PLLCFGR)));
}

// RM0390 6.3.26: PCLK1, SYSCLK, HSI.
Tick Rcc::fmpi2c_clock(uint32_t choice, uint32_t gate) const {
    if (choice == 1) return sysclk_ticks();
    if (choice == 2) return hsi_osc_.is_ready() ? period_of(hsi_hz_) : 0;
    return period(bus_clock(gate));
}

Tick Rcc::kernel_period(uint32_t selection, uint32_t gate) const {
    const auto choice = [&](uint32_t mask) { return value(selection >> 8) >> (selection & 31) & mask; };
    switch (selection) {
    case I2SSRC: return i2s_clock(choice(1));
    case I2S1SRC:
    case I2S2SRC: return i2s_clock(choice(3));
    case SAI1SRC:
    case SAI2SRC: return sai_clock(choice(3), selection == SAI2SRC);
    case CK48MSEL: return pll48_ticks_;
    case SDIOSEL: return choice(1) == 0 ? pll48_ticks_ : sysclk_ticks();
    case FMPI2C1SEL: return fmpi2c_clock(choice(3), gate);
    default: return period(bus_clock(gate));
    }
}

}  // namespace tinysim::stm32
