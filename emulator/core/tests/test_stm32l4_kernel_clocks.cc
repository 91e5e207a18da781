// What CCIPR and CCIPR2 of the STM32L4 select: the outputs of the PLLs behind their ready flags, 48 MHz, SAI, ADC, DFSDM, LPTIM.
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32l4;
using tinysim::stm32::Clock;

namespace {
enum : uint32_t { PLLSAI2CFGR = 0x14, CCIPR2 = 0x9C };
constexpr uint32_t sai1_on = 1u << 26, sai2_on = 1u << 28, hsi_on = 1u << 8, any_gate = 0x5811;
constexpr uint32_t p_out = 1u << 16, q_out = 1u << 20, r_out = 1u << 24, from_msi = 1;
constexpr uint32_t LPTIM1SEL = 18, SAI1SEL = 22, CLK48SEL = 26, ADCSEL = 28, DFSDM1SEL = 31, PLUS_DFSDM1SEL = 34, PLUS_SAI1SEL = 37,
                   SDMMCSEL = 46;

struct KernelChip : Chip {
    explicit KernelChip(int64_t plus)
        : rcc(construction("rcc", {{"hseFrequency", 8'000'000}, {"lseFrequency", 32'768}, {"plus", plus}})) {}
    uint32_t get(uint32_t offset) { return rcc.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { rcc.write(offset, value, 4); }
    void start(uint32_t bits) {
        set(CR, get(CR) | bits);
        run_for(20 * microsecond);
    }
    Tick kernel(uint32_t selection) { return rcc.kernel_period(selection, any_gate); }
    tinysim::stm32::L4Rcc rcc;
};
}  // namespace

TEST(a_pllsai_gives_its_outputs_when_it_is_ready_and_they_are_enabled) {
    KernelChip c(0);
    int told = 0;
    c.rcc.on_change([&] { ++told; });
    c.set(PLLCFGR, from_msi);
    c.set(PLLSAI1CFGR, 86u << 8 | 1u << 17);                   // VCO 344 MHz, P 17
    c.start(sai1_on);
    EXPECT_EQUAL(c.get(CR) >> 26 & 3, 3);
    EXPECT_EQUAL(c.kernel(SAI1SEL), 0);
    const int before = told;
    c.set(PLLSAI1CFGR, c.get(PLLSAI1CFGR) | p_out | r_out | q_out);
    EXPECT(told > before);
    EXPECT_EQUAL(c.kernel(SAI1SEL), (second * 17 + 172'000'000) / 344'000'000);
    c.set(CCIPR, 1u << CLK48SEL | 1u << ADCSEL);
    EXPECT_EQUAL(c.kernel(ADCSEL), (second * 2 + 172'000'000) / 344'000'000);
    EXPECT_EQUAL(c.rcc.period(Clock::pll48), (second * 2 + 172'000'000) / 344'000'000);
    EXPECT_EQUAL(c.kernel(CLK48SEL), c.rcc.period(Clock::pll48));
    c.set(CCIPR, 1u << SAI1SEL | 3u << ADCSEL);
    EXPECT_EQUAL(c.kernel(SAI1SEL), 0);                        // PLLSAI2 is off
    EXPECT_EQUAL(c.kernel(ADCSEL), at_4_mhz);                  // SYSCLK
}

TEST(each_pll_of_an_l4_plus_has_its_divider) {
    KernelChip c(1);
    c.set(PLLCFGR, from_msi);
    c.set(PLLSAI2CFGR, 1u << 4 | 48u << 8 | 12u << 27 | p_out);        // 4 MHz / 2 * 48 / 12 (PDIV)
    c.start(sai2_on);
    c.set(CCIPR2, 1u << 5);
    EXPECT_EQUAL(c.kernel(PLUS_SAI1SEL), second / 8'000'000);
    c.start(hsi_on);
    c.set(CCIPR2, 4u << 5);
    EXPECT_EQUAL(c.kernel(PLUS_SAI1SEL), at_16_mhz);
}

TEST(a_pllsai_outside_its_range_is_named) {
    KernelChip c(0);
    c.set(PLLCFGR, from_msi);
    c.set(PLLSAI1CFGR, 8u << 8);
    c.start(sai1_on);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    EXPECT(c.recorder.warnings[0].text.find("PLLSAI1CFGR") != std::string::npos);
}

TEST(lptim_takes_lsi_where_others_take_sysclk) {
    KernelChip c(0);
    c.set(CCIPR, 1u << LPTIM1SEL);
    EXPECT_EQUAL(c.kernel(LPTIM1SEL), 0);
    c.set(CSR, 1);
    c.run_for(200 * microsecond);
    EXPECT_EQUAL(c.kernel(LPTIM1SEL), second / 32'000);
}

TEST(dfsdm_has_a_field_of_one_bit) {
    KernelChip old(0), plus(1);
    old.set(CFGR, 5u << 11);                                   // PCLK2 is HCLK / 4
    old.set(CCIPR, 1u << DFSDM1SEL);
    EXPECT_EQUAL(old.kernel(DFSDM1SEL), at_4_mhz);
    plus.set(CCIPR2, 2u << 3);                                 // the field above it is the audio clock's
    EXPECT_EQUAL(plus.kernel(PLUS_DFSDM1SEL), at_4_mhz);
}

TEST(sdmmc_takes_48_mhz_or_the_plls_p) {
    KernelChip c(1);
    c.set(PLLCFGR, from_msi | 48u << 8 | 8u << 27 | p_out);
    c.start(1u << 24);
    c.set(CRRCR, 1);
    c.run_for(10 * microsecond);
    EXPECT_EQUAL(c.kernel(SDMMCSEL), second / 48'000'000);
    c.set(CCIPR2, 1u << 14);
    EXPECT_EQUAL(c.kernel(SDMMCSEL), second / 24'000'000);
}

int main(int count, char** names) { return run(count, names); }
