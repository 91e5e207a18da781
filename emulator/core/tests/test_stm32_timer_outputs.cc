// Output compare, PWM, complementary outputs and break of the STM32's timers on the bench.
#include "stm32_timer_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

constexpr uint32_t toggle = 0x30, pwm_1 = 0x60, pwm_2 = 0x70, preload = 0x08, moe = 0x8000, centre = 0x60;

}  // namespace

TEST(pwm_is_high_below_the_compare_value) {
    ClockedChip c;
    Timer timer(c, general());
    Probe pin(timer, "Ch1");
    timer.set(CCR1, 3);
    timer.set(CCMR1, pwm_1);
    timer.set(CCER, 1);
    timer.start(15, 9);
    c.run_to(22 * microsecond);
    EXPECT_EQUAL(pin.size(), 5);
    EXPECT_EQUAL(pin[1], -3);
    EXPECT_EQUAL(pin[2], 10);
    EXPECT_EQUAL(pin[3], -13);
    EXPECT_EQUAL(pin[4], 20);
}

TEST(pwm_that_no_pin_shows_makes_no_events) {
    ClockedChip c;
    Timer timer(c, general());
    timer.set(CCR1, 3);
    timer.set(CCMR1, pwm_1);
    timer.set(CCER, 1);
    timer.start(15, 9);
    c.run_to(30 * microsecond);
    EXPECT_EQUAL(c.scheduler.events().size(), 0);
    EXPECT_EQUAL(timer.get(SR), 0x1F);
}

TEST(a_preloaded_compare_value_waits_for_the_update) {
    ClockedChip c;
    Timer timer(c, general());
    Probe pin(timer, "Ch1");
    timer.set(CCR1, 3);
    timer.set(CCMR1, pwm_1 | preload);
    timer.set(CCER, 1);
    timer.start(15, 9);
    c.run_to(1 * microsecond);
    timer.set(CCR1, 5);
    c.run_to(18 * microsecond);
    EXPECT_EQUAL(pin[1], -3);
    EXPECT_EQUAL(pin[3], -15);
}

TEST(without_its_preload_a_value_that_waits_acts_at_once) {
    ClockedChip c;
    Timer timer(c, general());
    timer.set(CCMR1, pwm_1 | preload);
    timer.start(15, 99, 0x81);
    timer.set(ARR, 49);
    timer.set(CCR1, 7);
    timer.set(CCMR1, pwm_1);
    timer.set(TIM_CR1, cen);
    c.run_to(57 * microsecond);
    EXPECT_EQUAL(timer.get(CNT), 7);
    EXPECT_EQUAL(timer.get(SR) & 3, 3);
}

TEST(full_and_no_duty_make_no_edges) {
    ClockedChip c;
    Timer timer(c, general());
    Probe first(timer, "Ch1"), second(timer, "Ch2");
    timer.set(CCR1, 10);
    timer.set(CCR2, 0);
    timer.set(CCMR1, pwm_1 | pwm_1 << 8);
    timer.set(CCER, 0x11);
    timer.start(15, 9);
    c.run_to(100 * microsecond);
    EXPECT_EQUAL(first.size(), 1);
    EXPECT_EQUAL(second.size(), 0);
}

TEST(centre_aligned_pwm_is_symmetric) {
    ClockedChip c;
    Timer timer(c, general());
    Probe pin(timer, "Ch2");
    timer.set(CCR2, 4);
    timer.set(CCMR1, pwm_2 << 8);
    timer.set(CCER, 0x10);
    timer.start(15, 8, centre | cen);
    c.run_to(30 * microsecond);
    EXPECT_EQUAL(pin[0], 4);
    EXPECT_EQUAL(pin[1], -12);
    EXPECT_EQUAL(pin[2], 20);
    EXPECT_EQUAL(pin[3], -28);
}

TEST(centre_aligned_modes_flag_one_way_or_both) {
    for (const auto& [mode, first, second] : {std::tuple{1, 12, 28}, {2, 4, 20}, {3, 4, 12}}) {
        ClockedChip c;
        Timer timer(c, general());
        Probe asked(timer, "DmaCc1");
        timer.set(CCR1, 4);
        timer.start(15, 8, static_cast<uint32_t>(mode) << 5 | cen);
        timer.set(DIER, 0x200);
        c.run_to(40 * microsecond);
        EXPECT_EQUAL(asked[0], first);
        EXPECT_EQUAL(asked[2], second);
    }
}

TEST(toggle_and_force_act_on_the_pin) {
    ClockedChip c;
    Timer timer(c, general());
    Probe pin(timer, "Ch3");
    timer.set(CCR3, 5);
    timer.set(CCMR2, toggle);
    timer.set(CCER, 0x100);
    timer.start(15, 9);
    c.run_to(16 * microsecond);
    EXPECT_EQUAL(pin[0], 5);
    EXPECT_EQUAL(pin[1], -15);
    timer.set(CCMR2, 0x50);
    EXPECT_EQUAL(pin[2], 16);
    timer.set(CCER, 0x300);      // inverted
    EXPECT_EQUAL(pin[3], -16);
}

TEST(complementary_outputs_keep_their_dead_time) {
    ClockedChip c;
    Timer timer(c, advanced());
    timer.set(CCR1, 4);
    timer.set(CCMR1, pwm_1);
    timer.set(CCER, 5);
    timer.set(BDTR, moe | 16);      // 16 clocks of 16 MHz: 1 us
    timer.start(15, 9);
    Probe main(timer, "Ch1"), complement(timer, "Ch1N");
    c.run_to(22 * microsecond);
    EXPECT_EQUAL(main[1], -4);
    EXPECT_EQUAL(complement[0], 5);
    EXPECT_EQUAL(complement[1], -10);
    EXPECT_EQUAL(main[2], 11);
    EXPECT_EQUAL(main[3], -14);
    EXPECT_EQUAL(complement[2], 15);
}

TEST(without_moe_the_outputs_are_off_or_idle) {
    ClockedChip c;
    Timer timer(c, advanced());
    timer.set(CCR1, 4);
    timer.set(CCMR1, pwm_1);
    timer.set(CCER, 5);
    timer.start(15, 9);
    c.run_to(2 * microsecond);
    EXPECT(!timer.device.output("Ch1")->level());
    timer.set(TIM_CR2, 0x200);      // OIS1N
    timer.set(BDTR, 0x400);         // OSSI
    EXPECT(!timer.device.output("Ch1")->level());
    EXPECT(timer.device.output("Ch1N")->level());
}

TEST(a_break_takes_the_outputs_off_and_aoe_brings_them_back) {
    ClockedChip c;
    Timer timer(c, advanced());
    Probe pin(timer, "Ch1");
    timer.input(21, true);
    timer.set(CCR1, 20);
    timer.set(CCMR1, pwm_1);
    timer.set(CCER, 1);
    timer.set(DIER, 0x80);
    timer.set(BDTR, moe | 0x4000 | 0x1000);      // AOE, BKE, active low
    timer.start(15, 9);
    EXPECT_EQUAL(pin.size(), 1);
    c.run_to(5 * microsecond);
    timer.input(21, false);
    EXPECT_EQUAL(pin[1], -5);
    EXPECT_EQUAL(timer.get(BDTR) & moe, 0);
    EXPECT(timer.device.output("BreakInterrupt")->level());
    EXPECT(timer.device.output("IRQ")->level());
    c.run_to(25 * microsecond);
    EXPECT_EQUAL(timer.get(BDTR) & moe, 0);
    timer.input(21, true);
    c.run_to(30 * microsecond);
    EXPECT_EQUAL(timer.get(BDTR) & moe, moe);
    EXPECT_EQUAL(pin[2], 30);
}

TEST(lock_freezes_until_reset) {
    ClockedChip c;
    Timer timer(c, advanced());
    timer.set(BDTR, 0x100 | 5);
    timer.set(BDTR, 0x0FF);
    EXPECT_EQUAL(timer.get(BDTR), 0x105);
    timer.set(BDTR, moe);
    EXPECT_EQUAL(timer.get(BDTR), moe | 0x105);
    timer.device.reset();
    timer.set(BDTR, 0x0FF);
    EXPECT_EQUAL(timer.get(BDTR), 0x0FF);
}

TEST(preloaded_control_bits_act_at_the_commutation) {
    ClockedChip c;
    Timer timer(c, advanced());
    timer.set(BDTR, moe);
    timer.set(TIM_CR2, 1);      // CCPC
    timer.set(CCMR1, 0x50);
    timer.set(CCER, 1);
    EXPECT(!timer.device.output("Ch1")->level());
    timer.set(DIER, 0x20);
    timer.set(EGR, 0x20);
    EXPECT(timer.device.output("Ch1")->level());
    EXPECT(timer.device.output("CommutationInterrupt")->level());
}

TEST(combined_pwm_needs_both_references) {
    ClockedChip c;
    auto numbers = general();
    numbers["extended"] = 1;
    Timer timer(c, numbers);
    Probe pin(timer, "Ch1");
    timer.set(CCR1, 3);
    timer.set(CCR2, 7);
    timer.set(CCMR1, 1u << 16 | 0x50 | pwm_1 << 8);      // channel 1: combined PWM 2 (AND), PWM 2 of its own
    timer.set(CCER, 1);
    timer.start(15, 9);
    c.run_to(20 * microsecond);
    EXPECT_EQUAL(pin[0], 3);
    EXPECT_EQUAL(pin[1], -7);
    EXPECT_EQUAL(pin[2], 13);
}

TEST(dma_bursts_go_through_dmar) {
    ClockedChip c;
    Timer timer(c, general());
    int asked = 0;
    timer.set(DCR, 3 << 8 | CCR1 / 4);
    timer.set(DIER, 0x100);
    timer.device.output("DmaUpdate")->connect([&](bool level) { asked += level; });
    timer.set(EGR, 1);
    for (uint32_t served = 0; served < 4; ++served) {
        EXPECT_EQUAL(asked, served + 1);
        timer.set(DMAR, 10 + served);
    }
    EXPECT_EQUAL(asked, 4);
    EXPECT_EQUAL(timer.get(CCR1), 10);
    EXPECT_EQUAL(timer.get(CCR4), 13);
}

int main(int count, char** names) { return run(count, names); }

TEST(the_dfsdm_breaks_where_or2_lets_it) {
    ClockedChip chip;
    auto numbers = advanced();
    numbers["extended"] = 1;
    Timer timer(chip, numbers);
    timer.input(22, false);
    timer.set(BDTR, 0xB000);                                // MOE, BKE, BKP: active high
    timer.input(22, true);
    EXPECT_EQUAL(timer.get(BDTR) & 0x8000, 0x8000);
    timer.input(22, false);
    timer.set(0x60, 0x101);                                 // BKDFBKE, BKINE
    timer.input(22, true);
    EXPECT_EQUAL(timer.get(BDTR) & 0x8000, 0);
    EXPECT_EQUAL(timer.get(SR) & 0x80, 0x80);
}
