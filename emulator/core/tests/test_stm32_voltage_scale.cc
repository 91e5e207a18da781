// PWR's scale and over-drive on the bench: what HCLK they allow, the ready bits in their time, each series' bits.
#include <algorithm>
#include <memory>

#include "soc/stm32/pwr.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {
constexpr uint32_t PWR_CR = 0, PWR_CSR = 4, over_drive = 1u << 16, over_drive_switch = 1u << 17, vos_3 = 3u << 14, vos_1 = 1u << 14;

struct PoweredChip : Chip {
    explicit PoweredChip(int64_t series) : rcc(construction("rcc", {{"hseFrequency", 8'000'000}, {"series", series}})) {
        tinysim::Construction wanted = construction("pwr", {{"series", series}}, {{"rcc", &rcc}});
        wanted.chip = {{"hclk_vos_1_most_hz", 120'000'000}, {"hclk_vos_2_most_hz", 144'000'000}, {"hclk_vos_3_most_hz", 168'000'000},
                       {"hclk_vos_2_over_drive_most_hz", 168'000'000}, {"over_drive_ns", 45'000}};
        pwr = std::make_unique<tinysim::stm32::Pwr>(wanted);
    }
    void set(uint32_t offset, uint32_t value) { pwr->write(offset, value, 4); }
    uint32_t get(uint32_t offset) { return pwr->read(offset, 4); }
    void go(uint32_t mhz) {                                    // HSI / 16 * 2 mhz / 2
        rcc.write(PLLCFGR, 16 | 2 * mhz << 6 | 7u << 24, 4);
        rcc.write(CR, rcc.read(CR, 4) | 1u << 24, 4);
        run_for(100 * microsecond);
        rcc.write(CFGR, 5 << 10 | 4 << 13 | 2, 4);
    }
    size_t complaints() const {
        return static_cast<size_t>(std::count_if(recorder.warnings.begin(), recorder.warnings.end(),
                                                 [](const auto& each) { return each.text.find("PWR_CR.VOS") != std::string::npos; }));
    }
    tinysim::stm32::Rcc rcc;
    std::unique_ptr<tinysim::stm32::Pwr> pwr;
};
}  // namespace

TEST(over_drive_is_ready_in_its_time) {
    PoweredChip c(429);
    c.set(PWR_CR, vos_3 | over_drive);
    EXPECT_EQUAL(c.get(PWR_CSR) >> 16 & 3, 0);
    c.run_for(45 * microsecond);
    EXPECT_EQUAL(c.get(PWR_CSR) >> 16 & 3, 1);
    c.set(PWR_CR, vos_3 | over_drive | over_drive_switch);
    c.run_for(45 * microsecond);
    EXPECT_EQUAL(c.get(PWR_CSR) >> 16 & 3, 3);
    c.set(PWR_CR, vos_3);
    EXPECT_EQUAL(c.get(PWR_CSR) >> 16 & 3, 0);
}

TEST(full_speed_takes_over_drive) {
    PoweredChip with(446), without(446);
    with.set(PWR_CR, vos_3 | over_drive);
    with.run_for(45 * microsecond);
    with.set(PWR_CR, vos_3 | over_drive | over_drive_switch);
    with.run_for(45 * microsecond);
    with.go(180);
    without.go(180);
    EXPECT_EQUAL(with.complaints(), 0);
    EXPECT_EQUAL(without.complaints(), 1);
    EXPECT(without.recorder.warnings.back().text.find("ODEN") != std::string::npos);
}

TEST(a_scale_that_is_lowered_under_a_fast_clock_is_said_once) {
    PoweredChip c(429);
    c.go(168);
    EXPECT_EQUAL(c.complaints(), 0);
    c.set(PWR_CR, vos_1);
    c.set(PWR_CR, vos_1);
    EXPECT_EQUAL(c.complaints(), 1);
}

TEST(a_chip_without_over_drive_has_no_such_bits) {
    PoweredChip c(411);
    EXPECT_EQUAL(c.get(PWR_CR), 0x8000);
    c.set(PWR_CR, vos_3 | over_drive | over_drive_switch);
    EXPECT_EQUAL(c.get(PWR_CR), vos_3);
    c.run_for(100 * microsecond);
    EXPECT_EQUAL(c.get(PWR_CSR) >> 16 & 3, 0);
}

int main(int count, char** names) { return run(count, names); }
