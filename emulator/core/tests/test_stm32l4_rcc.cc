// RCC and PWR of the STM32L4 on the bench: reset values, MSI ranges, ready flags in their time, the tree, kernel clocks, ranges.
#include "soc/stm32/pwr_l4.h"
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32l4;
using tinysim::stm32::Clock;
using tinysim::stm32::VoltageRange;

namespace {

struct Listener : tinysim::Node, tinysim::stm32::ClockListener {
    void state(tinysim::Archive&) override {}
    void reset() override {}
    void clock_changed(int64_t) override {}
    void voltage_range_changed(VoltageRange wanted) override { range = wanted; }
    VoltageRange range = VoltageRange::range_1;
};

struct Power : L4Chip {
    Listener flash;
    tinysim::stm32::L4Pwr pwr{construction("pwr", {{"plus", 1}}, {{"flash", &flash}})};
    uint32_t get(uint32_t offset) { return pwr.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { pwr.write(offset, value, 4); }
};

}  // namespace

TEST(it_starts_on_msi_at_4_mhz) {
    L4Chip c;
    EXPECT_EQUAL(c.rcc_get(CR), 0x63);
    EXPECT_EQUAL(c.rcc_get(PLLCFGR), 0x1000);
    EXPECT_EQUAL(c.rcc_get(CSR), 0x0C000600);
    EXPECT_EQUAL(c.rcc_get(CFGR), 0);
    EXPECT_EQUAL(c.requests.cpu_period, at_4_mhz);
}

TEST(an_msi_range_counts_once_it_is_selected) {
    L4Chip c;
    c.rcc_set(CR, 0xB1);
    EXPECT_EQUAL(c.requests.cpu_period, at_4_mhz);
    c.rcc_set(CR, 0xB9);
    EXPECT_EQUAL(c.requests.cpu_period, second / 48'000'000);
    c.rcc_set(CR, 0xF1);                    // no such range; MSIRGSEL stays
    EXPECT_EQUAL(c.rcc_get(CR), 0xBB);
}

TEST(msi_in_pll_mode_is_a_multiple_of_lse) {
    L4Chip c;
    c.rcc_set(BDCR, 1);
    c.rcc_set(CR, 0x65);
    EXPECT_EQUAL(c.requests.cpu_period, at_4_mhz);
    c.run_for(2 * second);
    EXPECT_EQUAL(c.rcc_get(BDCR), 3);
    EXPECT_EQUAL(c.requests.cpu_period, (second + 32'768 * 61) / (32'768 * 122));
}

TEST(the_pll_gives_120_mhz_in_boost_mode) {
    L4Chip c;
    c.go_120_mhz();
    EXPECT_EQUAL(c.rcc_get(CFGR), 0xF);
    EXPECT_EQUAL(c.requests.cpu_period, at_120_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::timers2), at_120_mhz);
    EXPECT_EQUAL(c.recorder.warnings.size(), 0);
    c.rcc.voltage_range_changed(VoltageRange::range_1);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
}

TEST(without_pllren_sysclk_stays) {
    L4Chip c;
    c.rcc_set(PLLCFGR, 1 | 40 << 8);
    c.rcc_set(CR, 0x63 | 1u << 24);
    c.run_for(15 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CR), 0x03000063);
    c.rcc_set(CFGR, 3);
    EXPECT_EQUAL(c.rcc_get(CFGR), 3);
    c.rcc_set(PLLCFGR, 1 | 40 << 8 | 1 << 24);
    EXPECT_EQUAL(c.rcc_get(CFGR), 0xF);
}

TEST(factors_are_locked_and_the_source_stays_on_while_the_pll_is_used) {
    L4Chip c;
    c.go_120_mhz();
    c.rcc_set(CR, 0);
    EXPECT_EQUAL(c.rcc_get(CR) & 0x03000003, 0x03000003);
    c.rcc_set(PLLCFGR, 1 << 20);
    EXPECT_EQUAL(c.rcc_get(PLLCFGR), 1 | 60 << 8 | 1 << 20 | 1 << 24);
}

TEST(prescalers_and_the_timers_rule) {
    L4Chip c;
    c.rcc_set(CFGR, 8 << 4 | 5 << 8);       // HCLK / 2, PCLK1 / 4
    EXPECT_EQUAL(c.rcc.period(Clock::hclk), 2 * at_4_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::pclk1), 8 * at_4_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::timers1), 4 * at_4_mhz);
    EXPECT_EQUAL(c.rcc.period(Clock::timers2), 2 * at_4_mhz);
}

TEST(ccipr_selects_a_kernel_clock_which_has_to_run) {
    L4Chip c;
    const uint32_t lpuart1 = 0x5C00;
    EXPECT_EQUAL(c.rcc.kernel_period(10, lpuart1), at_4_mhz);
    c.rcc_set(CFGR, 8 << 4);
    c.rcc_set(CCIPR, 1 << 10);
    EXPECT_EQUAL(c.rcc.kernel_period(10, lpuart1), at_4_mhz);
    c.rcc_set(CCIPR, 2 << 10);
    EXPECT_EQUAL(c.rcc.kernel_period(10, lpuart1), 0);
    c.rcc_set(CR, 0x163);
    c.run_for(2 * microsecond);
    EXPECT_EQUAL(c.rcc.kernel_period(10, lpuart1), at_16_mhz);
}

TEST(a_ready_interrupt_comes_and_is_cleared) {
    L4Chip c;
    c.rcc_set(CIER, 1);
    c.rcc_set(CSR, 1);
    c.run_for(200 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CSR), 0x0C000603);
    EXPECT_EQUAL(c.rcc_get(CIFR), 1);
    EXPECT(c.rcc.output("IRQ")->level());
    c.rcc_set(CICR, 1);
    EXPECT(!c.rcc.output("IRQ")->level());
}

TEST(reset_causes_outlive_the_reset_and_the_msi_comes_back) {
    L4Chip c;
    c.rcc_set(CSR, 1 << 23);
    c.go_120_mhz();
    c.rcc.note_reset(0);
    c.rcc.reset();
    EXPECT_EQUAL(c.rcc_get(CSR), 0x14000600);
    EXPECT_EQUAL(c.requests.cpu_period, at_4_mhz);
}

TEST(a_gate_opens_and_a_reset_bit_resets) {
    L4Chip c;
    int resets = 0;
    c.rcc.on_block_reset(0x5C00, [&] { ++resets; });
    EXPECT(!c.rcc.is_open(0x5C00));
    c.rcc_set(APB1ENR2, 1);
    EXPECT(c.rcc.is_open(0x5C00));
    c.rcc_set(APB1RSTR2, 1);
    EXPECT_EQUAL(resets, 1);
}

TEST(a_failing_hse_with_css_goes_to_msi_or_hsi) {
    L4Chip c;
    auto fails = *c.rcc.input(0);
    c.rcc_set(CR, 0x10063);
    c.run_for(2000 * microsecond);
    c.rcc_set(CFGR, 2 | 1 << 15);
    c.rcc_set(CR, c.rcc_get(CR) | 1 << 19);
    fails(true);
    EXPECT_EQUAL(c.rcc_get(CFGR), 1 << 15 | 5);
    EXPECT_EQUAL(c.rcc_get(CIFR), 1 << 8);
    EXPECT_EQUAL(c.requests.cpu_period, at_16_mhz);
}

TEST(hsi48_is_ready_after_its_time) {
    L4Chip c;
    c.rcc_set(CRRCR, 1);
    EXPECT_EQUAL(c.rcc_get(CRRCR), 1);
    c.run_for(3 * microsecond);
    EXPECT_EQUAL(c.rcc_get(CRRCR), 3);
}

TEST(range_1_comes_after_the_regulators_time) {
    Power p;
    p.set(0x00, 2 << 9);
    EXPECT_EQUAL(static_cast<int>(p.flash.range), static_cast<int>(VoltageRange::range_2));
    p.set(0x00, 1 << 9);
    EXPECT_EQUAL(p.get(0x14), 1 << 10);
    p.run_for(20 * microsecond);
    EXPECT_EQUAL(p.get(0x14), 0);
    EXPECT_EQUAL(static_cast<int>(p.flash.range), static_cast<int>(VoltageRange::range_1));
}

TEST(boost_mode_is_told_and_a_wrong_vos_is_refused) {
    Power p;
    p.set(0x80, 0);
    EXPECT_EQUAL(static_cast<int>(p.flash.range), static_cast<int>(VoltageRange::range_1_boost));
    p.set(0x00, 0x600);
    EXPECT_EQUAL(p.get(0x00), 0x200);
}

TEST(dbp_and_iosv_are_lines) {
    Power p;
    p.set(0x00, 0x300);
    p.set(0x04, 1 << 9);
    EXPECT(p.pwr.output("DBP")->level());
    EXPECT(p.pwr.output("IOSV")->level());
}

TEST(stop_leaves_lse_alone_and_ends_on_what_stopwuck_says) {
    Power p;
    p.set(0x00, 0x202);
    EXPECT(!p.pwr.take_gap());
    L4Chip c;
    c.go_120_mhz();
    c.rcc.stop();
    EXPECT_EQUAL(c.rcc.period(tinysim::stm32::Clock::pclk1), 0);
    c.rcc.restart();
    EXPECT_EQUAL(c.rcc.period(tinysim::stm32::Clock::hclk), at_4_mhz);
    EXPECT_EQUAL(c.rcc_get(CFGR) & 0xF, 0);
    c.rcc_set(CFGR, 1u << 15);
    c.rcc.stop();
    c.rcc.restart();
    EXPECT_EQUAL(c.rcc.period(tinysim::stm32::Clock::hclk), at_16_mhz);
    EXPECT_EQUAL(c.rcc_get(CFGR) & 0xF, 5);
}

int main(int count, char** names) { return run(count, names); }
