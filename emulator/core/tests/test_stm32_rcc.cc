// RCC of the STM32F4 on the bench: reset values, ready flags in their time, the tree, gates, reset bits, CSS.
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;
using tinysim::stm32::Clock;

TEST(it_starts_on_hsi_at_16_mhz) {
    ClockedChip c;
    EXPECT_EQUAL(c.rcc_get(CR), 0x83);
    EXPECT_EQUAL(c.rcc_get(PLLCFGR), 0x24003010);
    EXPECT_EQUAL(c.rcc_get(CSR), 0x0E000000);
    EXPECT_EQUAL(c.requests.cpu_period, at_16_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::pclk1), at_16_mhz);
}

TEST(hse_is_ready_after_its_start_up_time) {
    ClockedChip c;
    c.rcc_set(CR, 0x10083);
    c.run_to(2000 * microsecond - 1);
    EXPECT_EQUAL(c.rcc_get(CR), 0x10083);
    c.run_to(2000 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CR), 0x30083);
}

TEST(without_a_crystal_hse_is_never_ready_and_it_is_said) {
    Chip c;
    tinysim::stm32::Rcc rcc{c.construction("rcc")};
    rcc.write(CR, 0x10083, 4);
    c.run_for(second);
    EXPECT_EQUAL(rcc.read(CR, 4), 0x10083);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
}

TEST(the_pll_gives_168_mhz_and_the_buses_their_parts) {
    ClockedChip c;
    c.go_168_mhz();
    EXPECT_EQUAL(c.rcc_get(CFGR) & 0xF, 0xA);
    EXPECT_EQUAL(c.requests.cpu_period, at_168_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::hclk), at_168_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::pclk1), 4 * at_168_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::pclk2), 2 * at_168_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::timers1), 2 * at_168_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::timers2), at_168_mhz);
    EXPECT_EQUAL(c.recorder.warnings.size(), 0);
}

TEST(a_switch_to_a_source_that_does_not_run_waits_for_it) {
    ClockedChip c;
    c.rcc_set(CFGR, 1);
    c.rcc_set(CR, 0x10083);
    c.run_for(1000 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CFGR), 1);
    c.run_for(1000 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CFGR), 5);
    EXPECT_EQUAL(c.requests.cpu_period, 2 * at_16_mhz);
}

TEST(what_sysclk_comes_from_cannot_be_switched_off) {
    ClockedChip c;
    c.go_168_mhz();
    c.rcc_set(CR, 0);
    EXPECT_EQUAL(c.rcc_get(CR) & 0x03030000, 0x03030000);
    c.rcc_set(PLLCFGR, 0);
    EXPECT_EQUAL(c.rcc_get(PLLCFGR), 1u << 29 | 8 | 336 << 6 | 1u << 22 | 7u << 24);      // bit 29 is reserved
}

TEST(a_pclk_above_the_chips_limit_is_warned_of) {
    ClockedChip c;
    c.go_168_mhz();
    c.rcc_set(CFGR, 2);
    EXPECT_EQUAL(c.recorder.warnings.size(), 2);
}

TEST(an_odd_pll_ratio_is_a_whole_tick_and_the_buses_are_whole_parts_of_it) {
    ClockedChip c;
    c.rcc_set(PLLCFGR, 16 | 211 << 6);
    c.rcc_set(CR, 0x1000083);
    c.run_for(100 * microsecond);
    c.rcc_set(CFGR, 5 << 10 | 4 << 13 | 2);
    const Tick hclk = c.rcc.period(Clock::hclk);
    EXPECT_EQUAL(hclk, 38218);      // 4.032e12 / 105.5e6 = 38218.0095
    EXPECT_EQUAL(c.rcc.period(Clock::pclk1), 4 * hclk);
}

TEST(the_ahb_prescaler_slows_the_cpu) {
    ClockedChip c;
    c.rcc_set(CFGR, 0xB0);
    EXPECT_EQUAL(c.requests.cpu_period, 16 * at_16_mhz);
}

TEST(a_ready_interrupt_comes_and_is_cleared) {
    ClockedChip c;
    c.rcc_set(CIR, 1 << 8);
    c.rcc_set(CSR, 1);
    c.run_for(100 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CSR), 0x0E000003);
    EXPECT_EQUAL(c.rcc_get(CIR), 1 << 8 | 1);
    EXPECT(c.rcc.output("IRQ")->level());
    c.rcc_set(CIR, 1 << 8 | 1 << 16);
    EXPECT(!c.rcc.output("IRQ")->level());
}

TEST(reset_causes_outlive_the_reset_until_they_are_removed) {
    ClockedChip c;
    c.rcc_set(CSR, 1 << 24);
    EXPECT_EQUAL(c.rcc_get(CSR), 0);
    c.go_168_mhz();
    c.rcc.note_reset(0);
    c.rcc.reset();
    EXPECT_EQUAL(c.rcc_get(CSR), 0x14000000);
    EXPECT_EQUAL(c.rcc_get(CR), 0x83);
    EXPECT_EQUAL(c.requests.cpu_period, at_16_mhz);
}

TEST(bdcr_is_locked_until_dbp_and_outlives_a_reset) {
    ClockedChip c;
    auto writable = *c.rcc.input(1);
    c.rcc_set(BDCR, 0x8200);
    EXPECT_EQUAL(c.rcc_get(BDCR), 0);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    writable(true);
    c.rcc_set(BDCR, 0x8200);
    c.rcc.reset();
    EXPECT_EQUAL(c.rcc_get(BDCR), 0x8200);
    c.rcc_set(BDCR, 0x10000);
    EXPECT_EQUAL(c.rcc_get(BDCR), 0x10000);
}

TEST(a_failing_hse_with_css_goes_back_to_hsi) {
    ClockedChip c;
    auto fails = *c.rcc.input(0);
    c.go_168_mhz();
    c.rcc_set(CR, c.rcc_get(CR) | 1 << 19);
    fails(true);
    EXPECT_EQUAL(c.rcc_get(CFGR) & 0xF, 0);
    EXPECT_EQUAL(c.rcc_get(CIR), 0x80);
    EXPECT_EQUAL(c.requests.cpu_period, at_16_mhz);
}

TEST(bytes_and_halfwords_are_lanes) {
    ClockedChip c;
    c.rcc.write(CR + 2, 1, 1);
    EXPECT_EQUAL(c.rcc_get(CR), 0x10083);
    c.rcc.write(APB1ENR + 2, 0x1002, 2);
    EXPECT_EQUAL(c.rcc_get(APB1ENR), 0x10020000);
}

int main(int count, char** names) { return run(count, names); }
