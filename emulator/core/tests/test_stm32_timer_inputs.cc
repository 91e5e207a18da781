// Capture, slave modes, encoder, external clocks and trigger outputs of the STM32's timers on the bench.
#include "stm32_timer_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

constexpr unsigned ti1 = 16, ti2 = 17, etr = 20;
constexpr uint32_t reset_mode = 4, gated = 5, trigger = 6, external_clock = 7, by_ti1 = 5 << 4;

struct Fed : ClockedChip {
    Timer timer{*this, general()};
    void at(Tick us) { run_to(us * microsecond); }
};

}  // namespace

TEST(an_edge_captures_the_counter_and_a_second_one_overruns) {
    Fed f;
    f.timer.set(CCMR1, 1);
    f.timer.set(CCER, 1);
    f.timer.start(15, 0xFFFF);
    f.at(7);
    f.timer.input(ti1, true);
    EXPECT_EQUAL(f.timer.get(SR) & 0x202, cc1if);
    f.at(12);
    f.timer.input(ti1, false);
    f.at(20);
    f.timer.input(ti1, true);
    EXPECT_EQUAL(f.timer.get(SR) & 0x202, 0x200 | cc1if);
    EXPECT_EQUAL(f.timer.get(CCR1), 20);
    EXPECT_EQUAL(f.timer.get(SR) & 0x202, 0x200);
}

TEST(pwm_input_measures_period_and_width) {
    Fed f;
    f.timer.set(CCMR1, 0x201);      // channel 1: TI1, channel 2: TI1 too
    f.timer.set(CCER, 0x31);        // rising, falling
    f.timer.set(SMCR, by_ti1 | reset_mode);
    f.timer.start(15, 0xFFFF);
    for (Tick start : {100, 130}) {
        f.at(start);
        f.timer.input(ti1, true);
        f.at(start + 11);
        f.timer.input(ti1, false);
    }
    EXPECT_EQUAL(f.timer.get(CCR1), 30);
    EXPECT_EQUAL(f.timer.get(CCR2), 11);
    EXPECT_EQUAL(f.timer.get(SR) & 0x40, 0x40);
}

TEST(the_capture_prescaler_takes_each_fourth_edge) {
    Fed f;
    f.timer.set(CCMR1, 9);
    f.timer.set(CCER, 0xB);      // both edges
    f.timer.start(15, 0xFFFF);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQUAL(f.timer.get(SR) & cc1if, 0);
        f.at(10 * (i + 1));
        f.timer.input(ti1, i % 2 == 0);
    }
    EXPECT_EQUAL(f.timer.get(CCR1), 40);
}

TEST(the_xor_of_three_inputs_feeds_channel_1) {
    Fed f;
    f.timer.set(TIM_CR2, 0x80);
    f.timer.set(CCMR1, 1);
    f.timer.set(CCER, 1);
    f.timer.start(15, 0xFFFF);
    f.at(3);
    f.timer.input(18, true);
    EXPECT_EQUAL(f.timer.get(CCR1), 3);
    f.timer.input(ti2, true);
    f.at(5);
    f.timer.input(ti1, true);
    EXPECT_EQUAL(f.timer.get(CCR1), 5);
}

TEST(a_gated_timer_counts_while_the_trigger_is_high) {
    Fed f;
    f.timer.set(SMCR, by_ti1 | gated);
    f.timer.start(15, 0xFFFF);
    f.at(10);
    EXPECT_EQUAL(f.timer.get(CNT), 0);
    f.timer.input(ti1, true);
    f.at(25);
    f.timer.input(ti1, false);
    f.at(40);
    EXPECT_EQUAL(f.timer.get(CNT), 15);
}

TEST(a_trigger_starts_one_pulse) {
    Fed f;
    Probe pin(f.timer, "Ch1");
    f.timer.set(SMCR, 6 << 4 | trigger);      // TI2FP2
    f.timer.set(CCR1, 5);
    f.timer.set(CCMR1, 0x170);                // channel 1 PWM 2, channel 2 an input
    f.timer.set(CCER, 1);
    f.timer.start(15, 14, 8);
    f.at(20);
    f.timer.pulse(ti2);
    EXPECT_EQUAL(f.timer.get(TIM_CR1), 9);
    f.at(60);
    EXPECT_EQUAL(pin[0], 25);
    EXPECT_EQUAL(pin[1], -35);
    EXPECT_EQUAL(pin.size(), 2);
    EXPECT_EQUAL(f.timer.get(TIM_CR1), 8);
}

TEST(an_internal_trigger_clocks_through_the_prescaler) {
    Fed f;
    f.timer.set(SMCR, 2 << 4 | external_clock);
    f.timer.start(1, 3);
    for (int i = 0; i < 6; ++i) f.timer.pulse(2);
    EXPECT_EQUAL(f.timer.get(CNT), 3);
    EXPECT_EQUAL(f.timer.get(SR) & uif, 0);
    f.timer.pulse(1);
    f.timer.pulse(2);
    f.timer.pulse(2);
    EXPECT_EQUAL(f.timer.get(CNT), 0);
    EXPECT_EQUAL(f.timer.get(SR) & uif, 1);
}

TEST(etr_is_a_clock_of_its_own) {
    Fed f;
    f.timer.set(SMCR, 1u << 14 | 1u << 12);      // ECE, every second edge
    f.timer.start(0, 0xFFFF);
    for (int i = 0; i < 7; ++i) f.timer.pulse(etr);
    EXPECT_EQUAL(f.timer.get(CNT), 3);
}

TEST(an_encoder_counts_both_ways) {
    Fed f;
    f.timer.set(CCMR1, 0x101);
    f.timer.set(SMCR, 3);
    f.timer.start(0, 0xFFFF);
    const auto turn = [&](unsigned first, unsigned second) {
        f.timer.input(first, true);
        f.timer.input(second, true);
        f.timer.input(first, false);
        f.timer.input(second, false);
    };
    turn(ti1, ti2);
    turn(ti1, ti2);
    EXPECT_EQUAL(f.timer.get(CNT), 8);
    EXPECT_EQUAL(f.timer.get(TIM_CR1), 1);
    turn(ti2, ti1);
    EXPECT_EQUAL(f.timer.get(CNT), 4);
    EXPECT_EQUAL(f.timer.get(TIM_CR1), 0x11);
    f.timer.set(SMCR, 1);
    turn(ti2, ti1);
    EXPECT_EQUAL(f.timer.get(CNT), 2);
}

TEST(a_reset_trigger_updates_unless_urs_says_no) {
    Fed f;
    f.timer.set(SMCR, by_ti1 | reset_mode);
    f.timer.start(15, 0xFFFF);
    f.at(10);
    f.timer.pulse(ti1);
    EXPECT_EQUAL(f.timer.get(CNT), 0);
    EXPECT_EQUAL(f.timer.get(SR) & uif, 1);
    f.timer.set(SR, 0);
    f.timer.set(TIM_CR1, 5);
    f.at(20);
    f.timer.pulse(ti1);
    EXPECT_EQUAL(f.timer.get(CNT), 0);
    EXPECT_EQUAL(f.timer.get(SR) & 0x41, 0x40);
}

TEST(trigger_outputs_follow_the_master_mode) {
    const struct {
        uint32_t mode;
        long long first, second;
    } cases[] = {{1, 0, 999'999'999}, {2, 10, -10}, {3, 4, -4}, {4, -4, 10}, {5, 6, -10}};
    for (const auto& each : cases) {
        Fed f;
        f.timer.set(CCR1, 4);
        f.timer.set(CCR2, 6);
        f.timer.set(CCMR1, 0x7060);
        f.timer.set(PSC, 15);
        f.timer.set(ARR, 9);
        f.timer.set(EGR, 1);
        f.timer.set(TIM_CR2, each.mode << 4);
        Probe trgo(f.timer, "Trgo");
        const size_t before = trgo.size();
        f.timer.set(TIM_CR1, cen);
        f.at(19);
        EXPECT_EQUAL(trgo[before], each.first);
        EXPECT_EQUAL(trgo[before + 1], each.second);
    }
}

TEST(a_master_starts_and_clocks_its_slave_at_the_same_moment) {
    ClockedChip c;
    Timer master(c, general()), slave(c, general());
    master.device.output("Trgo")->connect(*slave.device.input(1));
    slave.set(SMCR, 1 << 4 | external_clock);
    slave.start(0, 0xFFFF);
    master.set(TIM_CR2, 2 << 4);
    master.start(15, 99);
    EXPECT_EQUAL(slave.get(CNT), 1);      // UG's update
    c.run_to(1000 * microsecond);
    EXPECT_EQUAL(slave.get(CNT), 11);
    slave.set(TIM_CR1, 0);
    slave.set(SMCR, 1 << 4 | trigger);
    slave.set(CNT, 0);
    c.run_to(1130 * microsecond);
    EXPECT_EQUAL(slave.get(CNT), 30 * 16);
}

int main(int count, char** names) { return run(count, names); }

TEST(an_input_can_be_the_slow_clock_of_the_chip_whose_pin_is_then_deaf) {
    ClockedChip chip;
    auto numbers = general();
    numbers.insert({{"remapChannel", 4}, {"remapPosition", 6}, {"remapSources", 0xF210}});
    Timer timer(chip, numbers);
    chip.rcc_set(CSR, 1);                               // LSION
    chip.run_to(1000 * microsecond);
    timer.set(TIM_OR, 1 << 6);
    timer.set(CCMR2, 0x0D00);                               // channel 4 from TI4, each eighth edge
    timer.set(CCER, 1 << 12);
    timer.start(0, 0xFFFF);
    std::vector<long long> captured;
    for (Tick us = 1000; captured.size() < 3; us += 10) {
        chip.run_to(us * microsecond);
        if (us == 1100) timer.pulse(19);
        if ((timer.get(SR) & 0x10) != 0) captured.push_back(timer.get(CCR4));
    }
    EXPECT_EQUAL(captured[1] - captured[0], 4000);          // 8 periods of 32 kHz at 16 MHz
    EXPECT_EQUAL(captured[2] - captured[1], 4000);
    EXPECT(!timer.device.take_gap());
    timer.set(TIM_OR, 2 << 6);                              // LSE, which stands
    timer.set(SR, 0);
    chip.run_to(10000 * microsecond);
    EXPECT_EQUAL(timer.get(SR) & 0x10, 0);
    timer.set(TIM_OR, 3 << 6);
    EXPECT(timer.device.take_gap());
}
