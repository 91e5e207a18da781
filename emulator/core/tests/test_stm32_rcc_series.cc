// RCC by series of the STM32F4: further PLLs, the clocks that blocks take from them, timers' prescaler, PLL_R, CSS's NMI.
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;
using tinysim::stm32::Clock;

namespace {
enum : uint32_t { AHB1LPENR = 0x50, PLLI2SCFGR = 0x84, PLLSAICFGR = 0x88, DCKCFGR = 0x8C, DCKCFGR2 = 0x94 };
constexpr uint32_t plli2s_on = 1u << 26, pllsai_on = 1u << 28, from_hse = 1u << 22;
constexpr uint32_t I2SSRC = 0x0817, SAI1SRC = 0x8C14, SAI2SRC = 0x8C16, I2S1SRC = 0x8C19, CK48MSEL = 0x941B, SDIOSEL = 0x941C,
                   FMPI2C1SEL = 0x9416;
constexpr uint32_t any_gate = 0x4011;

struct Nmi : Requests {
    void raise_nmi() override { ++nmis; }
    int nmis = 0;
};

struct SeriesChip : Chip {
    explicit SeriesChip(int64_t series)
        : rcc(construction("rcc", {{"hseFrequency", 8'000'000}, {"series", series}})) {}
    uint32_t get(uint32_t offset) { return rcc.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { rcc.write(offset, value, 4); }
    void start(uint32_t bits) {
        set(CR, get(CR) | bits);
        run_for(100 * microsecond);
    }
    void start_hse() {
        set(CR, get(CR) | 1u << 16);
        run_for(2000 * microsecond);
    }
    Tick kernel(uint32_t selection) { return rcc.kernel_period(selection, any_gate); }
    tinysim::stm32::Rcc rcc;
};
}  // namespace

TEST(an_unknown_series_is_refused) {
    bool refused = false;
    try {
        SeriesChip chip(412);
    } catch (const std::invalid_argument&) {
        refused = true;
    }
    EXPECT(refused);
}

TEST(plli2s_is_the_clock_of_i2s_once_it_is_ready) {
    SeriesChip c(407);
    int told = 0;
    c.rcc.on_change([&] { ++told; });
    c.start_hse();
    c.set(PLLCFGR, 8 | 336 << 6 | from_hse | 7u << 24);
    c.set(PLLI2SCFGR, 192 << 6 | 2u << 28);
    EXPECT_EQUAL(c.kernel(I2SSRC), 0);
    const int before = told;
    c.start(plli2s_on);
    EXPECT_EQUAL(c.get(CR) >> 26 & 3, 3);
    EXPECT_EQUAL(c.kernel(I2SSRC), second / 96'000'000);       // 8 MHz / 8 * 192 / 2
    EXPECT(told > before);
    c.set(CFGR, 1u << 23);
    EXPECT_EQUAL(c.kernel(I2SSRC), 0);                         // the pin I2S_CKIN
}

TEST(a_pll_outside_its_range_is_named) {
    SeriesChip c(407);
    c.set(PLLCFGR, 16 | 192 << 6);
    c.set(PLLI2SCFGR, 40 << 6 | 2u << 28);
    c.start(plli2s_on);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    EXPECT(c.recorder.warnings[0].text.find("PLLI2SCFGR") != std::string::npos);
}

TEST(the_f411_has_a_divider_for_each_pll) {
    SeriesChip c(411);
    c.set(PLLCFGR, 16 | 192 << 6);
    c.set(PLLI2SCFGR, 8 | 100 << 6 | 2u << 28);
    c.start(plli2s_on);
    EXPECT_EQUAL(c.kernel(I2SSRC), second / 100'000'000);      // 16 MHz / 8 * 100 / 2
}

TEST(the_f429_divides_pllsai_for_sai) {
    SeriesChip c(429);
    c.set(PLLCFGR, 16 | 192 << 6);
    c.set(PLLSAICFGR, 192 << 6 | 4u << 24 | 2u << 28);
    c.start(pllsai_on);
    c.set(DCKCFGR, 11u << 8);
    EXPECT_EQUAL(c.kernel(SAI1SRC), second / 4'000'000);       // 16 MHz / 16 * 192 / 4 / 12
    EXPECT_EQUAL(c.kernel(SAI2SRC), second / 4'000'000);       // block B
    c.set(DCKCFGR, 1u << 20);
    EXPECT_EQUAL(c.kernel(SAI1SRC), 0);                        // PLLI2S is off
}

TEST(the_f446_selects_for_each_block) {
    SeriesChip c(446);
    c.set(PLLCFGR, 16 | 192 << 6 | 4u << 24 | 2u << 28);
    c.start(1u << 24);
    c.set(PLLSAICFGR, 8 | 96 << 6 | 1u << 16 | 2u << 24);
    c.start(pllsai_on);
    EXPECT_EQUAL(c.kernel(CK48MSEL), second / 48'000'000);     // PLL: 192 MHz / 4
    c.set(DCKCFGR2, 1u << 27);
    EXPECT_EQUAL(c.kernel(CK48MSEL), second / 48'000'000);     // PLLSAI: 192 MHz / 4 (P)
    EXPECT_EQUAL(c.rcc.period(Clock::pll48), second / 48'000'000);
    EXPECT_EQUAL(c.kernel(SDIOSEL), second / 48'000'000);
    c.set(DCKCFGR2, 1u << 28 | 2u << 22);
    EXPECT_EQUAL(c.kernel(SDIOSEL), at_16_mhz);
    EXPECT_EQUAL(c.kernel(FMPI2C1SEL), at_16_mhz);
    c.set(DCKCFGR, 2u << 25 | 3u << 22 | 2u << 20);
    EXPECT_EQUAL(c.kernel(I2S1SRC), second / 96'000'000);      // PLL_R
    EXPECT_EQUAL(c.kernel(SAI1SRC), second / 96'000'000);
    EXPECT_EQUAL(c.kernel(SAI2SRC), at_16_mhz);                // the PLLs' source
}

TEST(the_f446_runs_from_pll_r_and_the_f407_does_not) {
    for (int64_t series : {446, 407}) {
        SeriesChip c(series);
        c.set(PLLCFGR, 16 | 192 << 6 | 4u << 24 | 3u << 28);
        c.start(1u << 24);
        c.set(CFGR, 3);
        EXPECT_EQUAL(c.get(CFGR) >> 2 & 3, series == 446 ? 3 : 0);
        EXPECT_EQUAL(c.rcc.period(Clock::hclk), series == 446 ? second / 64'000'000 : at_16_mhz);
        c.set(CR, 0x81);
        EXPECT_EQUAL(c.get(CR) >> 24 & 1, series == 446 ? 1 : 0);
    }
}

TEST(timpre_makes_timers_as_fast_as_hclk) {
    SeriesChip c(429);
    c.set(CFGR, 5u << 10);                                     // PCLK1 is HCLK / 4
    EXPECT_EQUAL(c.rcc.period(Clock::timers1), 2 * at_16_mhz);
    c.set(DCKCFGR, 1u << 24);
    EXPECT_EQUAL(c.rcc.period(Clock::timers1), at_16_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::timers2), at_16_mhz);
    c.set(CFGR, 6u << 10);
    EXPECT_EQUAL(c.rcc.period(Clock::timers1), 2 * at_16_mhz);
}

TEST(gates_are_those_of_the_series) {
    for (auto [series, enable] : {std::pair{401, 0x10E2C80Fu}, {407, 0x36FEC9FFu}, {429, 0xF6FEC9FFu}, {446, 0x3FFFC9FFu}}) {
        SeriesChip c(series);
        c.set(APB1ENR, 0xFFFFFFFF);
        EXPECT_EQUAL(c.get(APB1ENR), enable);
    }
}

TEST(a_cleared_bit_of_lpenr_is_a_gap_and_said) {
    SeriesChip c(407);
    c.set(AHB1LPENR, c.get(AHB1LPENR));
    EXPECT(c.recorder.warnings.empty());
    c.set(AHB1LPENR, 0);
    EXPECT(c.rcc.take_gap());
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
}

TEST(css_raises_the_nmi) {
    Chip c;
    Nmi requests;
    tinysim::Construction construction{.name = "rcc", .numbers = {{"hseFrequency", 8'000'000}}, .scheduler = c.scheduler,
                                       .recorder = c.recorder, .dma = c.ram, .system = requests, .fabric = c.fabric};
    tinysim::stm32::Rcc rcc{construction};
    rcc.write(CR, 1u << 16 | 1u << 19 | 0x83, 4);
    c.run_for(2000 * microsecond);
    (*rcc.input(0))(true);
    EXPECT_EQUAL(requests.nmis, 1);
    EXPECT_EQUAL(rcc.read(CIR, 4), 0x80);
}

TEST(pllsrc_is_locked_while_another_pll_has_it) {
    Chip chip;
    tinysim::stm32::Rcc rcc(chip.construction("rcc", {{"series", 446}}));       // and no HSE
    rcc.write(CR, rcc.read(CR, 4) | plli2s_on, 4);
    chip.run_for(1000 * microsecond);
    const Tick before = rcc.kernel_period(I2S1SRC, any_gate);
    EXPECT(before != 0);
    rcc.write(PLLCFGR, rcc.read(PLLCFGR, 4) | from_hse, 4);
    EXPECT_EQUAL(rcc.kernel_period(I2S1SRC, any_gate), before);
    EXPECT_EQUAL(rcc.read(PLLCFGR, 4) & from_hse, 0);
}

int main(int count, char** names) { return run(count, names); }
