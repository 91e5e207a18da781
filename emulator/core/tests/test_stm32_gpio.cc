// GPIO, SYSCFG and EXTI of the STM32F4 on the bench: nets, BSRR, lock, gate and reset bit, edges to pending bits.
#include "soc/stm32/exti.h"
#include "soc/stm32/gpio.h"
#include "soc/stm32/syscfg.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

enum : uint32_t {
    MODER = 0x00, OTYPER = 0x04, OSPEEDR = 0x08, PUPDR = 0x0C, IDR = 0x10, ODR = 0x14, BSRR = 0x18, LCKR = 0x1C, AFRL = 0x20
};
enum : uint32_t { IMR = 0x00, EMR = 0x04, RTSR = 0x08, FTSR = 0x0C, SWIER = 0x10, PR = 0x14, EXTICR1 = 0x08 };

struct Port : ClockedChip {
    tinysim::stm32::Gpio gpio{construction("gpioPortB",
        {{"gate", 0x3001}, {"modeResetValue", 0x280}, {"outputSpeedResetValue", 0xC0}, {"pullUpPullDownResetValue", 0x100}},
        {{"rcc", &rcc}})};
    explicit Port(bool clocked = true) {
        if (clocked) rcc_set(AHB1ENR, 2);
    }
    uint32_t get(uint32_t offset) { return gpio.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { gpio.write(offset, value, 4); }
    bool level(const char* pin) { return gpio.output(pin)->level(); }
};

}  // namespace

TEST(reset_values_are_the_ports_own) {
    Port p;
    EXPECT_EQUAL(p.get(MODER), 0x280);
    EXPECT_EQUAL(p.get(OSPEEDR), 0xC0);
    EXPECT_EQUAL(p.get(PUPDR), 0x100);
    EXPECT_EQUAL(p.get(IDR), 0x10);      // the pull-up on PB4
}

TEST(an_output_follows_odr_and_bsrr) {
    Port p;
    p.set(MODER, 1 << 24);
    p.set(BSRR, 1 << 12);
    EXPECT(p.level("12"));
    EXPECT_EQUAL(p.get(IDR), 1 << 12 | 0x10);
    p.gpio.write(BSRR + 2, 1 << 12, 2);
    EXPECT(!p.level("12"));
    p.set(BSRR, 1 << 12 | 1 << 28);      // set wins
    EXPECT(p.level("12"));
    p.gpio.write(ODR + 1, 0, 1);
    EXPECT(!p.level("12"));
}

TEST(open_drain_lets_go_when_high) {
    Port p;
    p.set(MODER, 1);
    p.set(OTYPER, 1);
    p.set(PUPDR, 1);
    EXPECT(!p.level("0"));
    p.set(ODR, 1);
    EXPECT(p.level("0"));
    (*p.gpio.input(0))(false);
    EXPECT(!p.level("0"));
}

TEST(analog_pins_read_zero) {
    Port p;
    (*p.gpio.input(7))(true);
    EXPECT_EQUAL(p.get(IDR) >> 7 & 1, 1);
    p.set(MODER, 3 << 14);
    EXPECT_EQUAL(p.get(IDR) >> 7 & 1, 0);
}

TEST(the_lock_sequence_freezes_configuration_and_not_data) {
    Port p;
    for (uint32_t word : {0x10001u, 0x00001u, 0x10001u}) p.set(LCKR, word);
    EXPECT_EQUAL(p.get(LCKR), 0x10001);
    p.set(MODER, 0xFFFFFFFF);
    p.set(AFRL, 0xFFFFFFFF);
    EXPECT_EQUAL(p.get(MODER), 0xFFFFFFFC);
    EXPECT_EQUAL(p.get(AFRL), 0xFFFFFFF0);
    p.set(ODR, 1);
    EXPECT_EQUAL(p.get(ODR), 1);
}

TEST(a_broken_lock_sequence_locks_nothing) {
    Port p;
    for (uint32_t word : {0x10001u, 0x00002u, 0x10001u}) p.set(LCKR, word);
    (void)p.get(LCKR);
    p.set(MODER, 0xFFFFFFFF);
    EXPECT_EQUAL(p.get(MODER), 0xFFFFFFFF);
}

TEST(without_its_clock_it_does_not_answer_and_that_is_said_once) {
    Port p(false);
    p.set(ODR, 1);
    p.set(ODR, 1);
    EXPECT_EQUAL(p.get(MODER), 0);
    EXPECT_EQUAL(p.recorder.warnings.size(), 2);
    EXPECT(p.recorder.warnings[0].text.find("gpioPortB.ODR") == 0);
    p.rcc_set(AHB1ENR, 2);
    EXPECT_EQUAL(p.get(ODR), 0);
    EXPECT_EQUAL(p.get(MODER), 0x280);
}

TEST(its_reset_bit_resets_it) {
    Port p;
    p.set(ODR, 0xFFFF);
    p.rcc_set(AHB1RSTR, 2);
    p.rcc_set(AHB1RSTR, 0);
    EXPECT_EQUAL(p.get(ODR), 0);
    EXPECT_EQUAL(p.get(MODER), 0x280);
}

TEST(an_edge_goes_through_syscfg_to_exti_and_its_interrupt) {
    ClockedChip c;
    tinysim::stm32::Syscfg syscfg{c.construction("syscfg")};
    tinysim::stm32::Exti exti{c.construction("exti")};
    for (const char* line : {"3", "4"}) syscfg.output(line)->connect(*exti.input(static_cast<unsigned>(line[0] - '0')));
    auto pin = *syscfg.input(3 * 16 + 3);      // PD3
    exti.write(RTSR, 8, 4);
    pin(true);
    pin(false);
    EXPECT_EQUAL(exti.read(PR, 4), 0);         // line 3 listens to PA3
    syscfg.write(EXTICR1, 3 << 12, 4);
    pin(true);
    EXPECT_EQUAL(exti.read(PR, 4), 8);
    EXPECT(!exti.output("3")->level());
    exti.write(IMR, 8, 4);
    EXPECT(exti.output("3")->level());
    exti.write(PR, 8, 4);
    EXPECT(!exti.output("3")->level());
    pin(false);
    EXPECT_EQUAL(exti.read(PR, 4), 0);
    exti.write(FTSR, 8, 4);
    pin(true);
    exti.write(PR, 8, 4);
    pin(false);
    EXPECT_EQUAL(exti.read(PR, 4), 8);
}

TEST(software_pends_an_unmasked_line_and_clearing_it_clears_both) {
    ClockedChip c;
    tinysim::stm32::Exti exti{c.construction("exti")};
    exti.write(IMR, 1 << 22, 4);
    exti.write(SWIER, 1 << 22, 4);
    EXPECT(exti.output("22")->level());
    exti.write(PR, 1 << 22, 4);
    EXPECT_EQUAL(exti.read(SWIER, 4), 0);
    EXPECT(!exti.output("22")->level());
}

TEST(event_masks_are_kept) {
    ClockedChip c;
    tinysim::stm32::Exti exti{c.construction("exti")};
    exti.write(EMR, 1, 4);
    EXPECT_EQUAL(exti.read(EMR, 4), 1);
    EXPECT(!exti.take_gap());
}

int main(int count, char** names) { return run(count, names); }
