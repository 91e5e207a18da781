// Time base of the timers, IWDG and CRC on the bench.
#include "soc/stm32/crc.h"
#include "soc/stm32/iwdg.h"
#include "stm32_timer_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

struct Timed : ClockedChip {
    Timer timer{*this, general()};
    uint32_t get(uint32_t offset) { return timer.get(offset); }
    void set(uint32_t offset, uint32_t value) { timer.set(offset, value); }
    void start(uint32_t prescaler, uint32_t reload, uint32_t cr1 = 1) { timer.start(prescaler, reload, cr1); }
};

}  // namespace

TEST(it_counts_and_updates_each_reload_plus_one) {
    Timed t;
    t.set(DIER, 1);
    t.start(15, 99);
    t.run_to(42 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 42);
    t.run_to(100 * microsecond - 1);
    EXPECT(!t.timer.device.output("IRQ")->level());
    t.run_to(100 * microsecond);
    EXPECT(t.timer.device.output("IRQ")->level());
    EXPECT_EQUAL(t.get(CNT), 0);
    t.set(SR, 0);
    EXPECT(!t.timer.device.output("IRQ")->level());
    t.run_to(1000 * microsecond - 1);
    EXPECT_EQUAL(t.get(CNT), 99);
}

TEST(the_prescaler_acts_from_the_next_update_on) {
    Timed t;
    t.start(15, 99);
    t.set(PSC, 31);
    t.run_to(50 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 50);
    t.run_to(150 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 25);
}

TEST(arr_is_preloaded_only_with_arpe) {
    Timed t;
    t.start(15, 99, 0x81);
    t.set(ARR, 9);
    t.run_to(50 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 50);
    t.run_to(115 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 5);
}

TEST(one_pulse_stops_at_the_update) {
    Timed t;
    t.start(15, 99, 9);
    t.run_to(300 * microsecond);
    EXPECT_EQUAL(t.get(TIM_CR1), 8);
    EXPECT_EQUAL(t.get(CNT), 0);
    EXPECT_EQUAL(t.get(SR), 0x1F);      // and the compare values of 0
}

TEST(urs_and_udis_keep_updates_back) {
    Timed t;
    t.set(TIM_CR1, 4);
    t.set(EGR, 1);
    EXPECT_EQUAL(t.get(SR) & uif, 0);
    t.set(TIM_CR1, 0);
    t.set(EGR, 1);
    EXPECT_EQUAL(t.get(SR) & uif, 1);
    t.start(15, 9, 3);
    t.run_for(35 * microsecond);
    EXPECT_EQUAL(t.get(SR) & uif, 0);
    EXPECT_EQUAL(t.get(CNT), 5);
}

TEST(updates_ask_the_dma) {
    Timed t;
    int requests = 0;
    t.timer.device.output("DmaUpdate")->connect([&](bool level) { requests += level; });
    t.set(DIER, 0x100);
    t.start(15, 9);
    t.run_for(100 * microsecond);
    EXPECT_EQUAL(requests, 11);      // UG's as well
}

TEST(a_divided_bus_has_timers_at_twice_its_clock) {
    Timed t;
    t.go_168_mhz();
    const Tick start = t.scheduler.now();
    t.start(83, 0xFFFF);
    t.run_to(start + 1000 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 1000);
}

TEST(a_clock_change_keeps_the_count) {
    Timed t;
    t.start(15, 0xFFFF);
    t.run_to(100 * microsecond);
    t.rcc_set(CFGR, 0x80);      // HCLK / 2
    t.run_to(200 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 150);
}

TEST(it_counts_down_from_the_reload_value) {
    Timed t;
    t.set(TIM_CR1, 0x10);
    t.start(15, 99, 0x11);
    EXPECT_EQUAL(t.get(CNT), 99);
    t.run_to(30 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 69);
    EXPECT_EQUAL(t.get(SR) & uif, 0);
    t.run_to(100 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 99);
    EXPECT_EQUAL(t.get(SR) & uif, 1);
}

TEST(centre_aligned_it_turns_at_both_ends) {
    Timed t;
    t.start(15, 10, 0x61);
    t.run_to(9 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 9);
    EXPECT_EQUAL(t.get(TIM_CR1), 0x61);
    EXPECT_EQUAL(t.get(SR) & uif, 0);
    t.run_to(10 * microsecond);
    EXPECT_EQUAL(t.get(SR) & uif, 1);
    t.run_to(13 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 7);
    EXPECT_EQUAL(t.get(TIM_CR1), 0x71);
    t.set(SR, 0);
    t.run_to(20 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 0);
    EXPECT_EQUAL(t.get(SR) & uif, 1);
    t.run_to(1'000'003 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 3);
}

TEST(a_counter_that_nobody_looks_at_makes_no_events) {
    Timed t;
    t.start(15, 99);
    t.run_to(150 * microsecond);
    EXPECT_EQUAL(t.scheduler.events().size(), 0);
    t.run_to(1'000'042 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 42);
}

TEST(a_stopped_counter_keeps_its_prescaler) {
    Timed t;
    t.start(15, 0xFFFF);
    t.run_to(10 * microsecond + 8 * at_16_mhz);
    t.set(TIM_CR1, 0);
    t.run_to(20 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 10);
    t.set(TIM_CR1, 1);
    t.run_for(8 * at_16_mhz);
    EXPECT_EQUAL(t.get(CNT), 11);
}

TEST(the_repetition_counter_updates_each_nth_overflow) {
    ClockedChip c;
    Timer timer(c, advanced());
    Probe updates(timer, "DmaUpdate");
    timer.set(RCR, 2);
    timer.start(15, 9);
    timer.set(DIER, 0x100);
    c.run_to(100 * microsecond);
    EXPECT_EQUAL(updates[0], 30);
    EXPECT_EQUAL(updates[2], 60);
    EXPECT_EQUAL(updates[4], 90);
    EXPECT_EQUAL(updates.size(), 6);
}

TEST(a_reload_value_of_zero_blocks_the_counter) {
    Timed t;
    t.start(15, 0);
    t.run_to(50 * microsecond);
    EXPECT_EQUAL(t.get(CNT), 0);
    EXPECT_EQUAL(t.get(SR) & uif, 0);
}

TEST(the_watchdog_resets_by_lsi_unless_it_is_fed) {
    ClockedChip c;
    tinysim::stm32::Iwdg iwdg{c.construction("iwdg", {}, {{"rcc", &c.rcc}})};
    iwdg.write(0x08, 99, 4);
    EXPECT_EQUAL(iwdg.read(0x08, 4), 0xFFF);
    iwdg.write(0x00, 0x5555, 4);
    iwdg.write(0x08, 99, 4);
    iwdg.write(0x00, 0xCCCC, 4);
    c.run_to(10'000 * microsecond);                 // the reload value comes 5 cycles of LSI later
    iwdg.write(0x00, 0xAAAA, 4);
    c.run_to(22'500 * microsecond - 1);
    EXPECT_EQUAL(c.requests.resets, 0);
    c.run_to(22'500 * microsecond);
    EXPECT_EQUAL(c.requests.cause, 1 << 29);
}

TEST(the_crc_unit_gives_the_manuals_polynomial) {
    ClockedChip c;
    tinysim::stm32::Crc crc{c.construction("crc")};
    crc.write(0x00, 0x12345678, 4);
    EXPECT_EQUAL(crc.read(0x00, 4), 0xDF8A8A2B);
    crc.write(0x08, 1, 4);
    EXPECT_EQUAL(crc.read(0x00, 4), 0xFFFFFFFF);
}

int main(int count, char** names) { return run(count, names); }
