// The STM32's RTC on the bench: initialisation, calendar, sub-seconds, shadow registers, alarms, wake-up timer, what survives.
#include "stm32_rtc_bench.h"

using namespace bench;
using namespace bench::stm32;

TEST(registers_are_locked_until_two_keys_and_init_takes_two_clocks) {
    Clock c;
    c.set(WPR, 0);
    c.set(ISR, INIT | 0x3F);
    c.run_for(2 * lsi);
    EXPECT_EQUAL(c.get(ISR) & (INIT | INITF), 0);
    EXPECT_EQUAL(c.recorder.warnings.size(), 0);
    c.set(CR_, ALRAE);
    EXPECT_EQUAL(c.get(CR_), 0);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.set(WPR, 0xCA);
    c.set(WPR, 0x53);
    c.set(ISR, INIT | 0x3F);
    c.run_for(2 * lsi - 1);
    EXPECT_EQUAL(c.get(ISR) & INITF, 0);
    c.run_for(1);
    EXPECT_EQUAL(c.get(ISR) & INITF, INITF);
    c.end_init();
    c.set(TR, 0x123456);
    EXPECT_EQUAL(c.time(), 0);                      // not in initialisation mode
}

TEST(without_rtcclk_nothing_comes) {
    Clock c;
    c.rcc_set(BDCR, rtc_reset);
    c.rcc_set(BDCR, 0);
    c.set(WPR, 0xCA);
    c.set(WPR, 0x53);
    c.begin_init();
    c.run_seconds(1);
    EXPECT_EQUAL(c.get(ISR) & INITF, 0);
    c.rcc_set(BDCR, rtc_on_lsi);
    c.run_for(2 * lsi);
    EXPECT_EQUAL(c.get(ISR) & INITF, INITF);
}

TEST(the_calendar_knows_leap_years_and_turns_the_century) {
    Clock c;
    c.start(0x235959, 0x246228);                    // Wednesday, 28 February 2024
    c.run_seconds(1);
    EXPECT_EQUAL(c.time(), 0);
    EXPECT_EQUAL(c.get(DR), 0x248229);
    c.run_seconds(86'400);
    EXPECT_EQUAL(c.get(DR), 0x24A301);
    c.start(0x235959, 0x234228);
    c.run_seconds(1);
    EXPECT_EQUAL(c.get(DR) & 0x1FFF, 0x0301);
    c.start(0x235959, 0x99F231);        // Sunday, 31 December 2099
    c.run_seconds(1);
    EXPECT_EQUAL(c.get(DR), 0x002101);
}

TEST(by_twelve_hours_noon_follows_eleven) {
    Clock c;
    c.start(0x115959, 0x246228, FMT);
    c.run_seconds(1);
    EXPECT_EQUAL(c.time(), 0x520000);               // 12 PM
    c.run_seconds(3600);
    EXPECT_EQUAL(c.time(), 0x410000);
    c.run_seconds(11 * 3600);
    EXPECT_EQUAL(c.time(), 0x120000);               // 12 AM, the next day
    EXPECT_EQUAL(c.get(DR), 0x248229);
}

TEST(an_hour_is_added_and_taken_away) {
    Clock c;
    c.start(0x230000, 0x246228);
    c.set(CR_, ADD1H);
    EXPECT_EQUAL(c.time(), 0);
    EXPECT_EQUAL(c.get(DR), 0x248229);
    EXPECT_EQUAL(c.get(CR_), 0);
    c.set(CR_, SUB1H);
    EXPECT_EQUAL(c.time(), 0);
}

TEST(subseconds_count_down_and_shadows_wait_for_the_date) {
    Clock c;
    c.start(0x120000, 0x246228);
    EXPECT_EQUAL(c.get(SSR), 255);
    c.get(DR);
    c.run_for(125 * lsi);
    EXPECT_EQUAL(c.get(SSR), 254);
    c.run_seconds(1);
    EXPECT_EQUAL(c.get(TR), 0x120000);              // held since SSR was read
    c.get(DR);
    EXPECT_EQUAL(c.time(), 0x120001);
    c.set(CR_, BYPSHAD);
    c.get(SSR);
    c.run_seconds(1);
    EXPECT_EQUAL(c.get(TR), 0x120002);
}

TEST(rsf_comes_two_clocks_after_it_was_cleared) {
    Clock c;
    c.start(0, 0x2101);
    EXPECT_EQUAL(c.get(ISR) & RSF, RSF);
    c.set(ISR, ~(RSF | INIT));
    c.run_for(2 * lsi - 1);
    EXPECT_EQUAL(c.get(ISR) & RSF, 0);
    c.run_for(1);
    EXPECT_EQUAL(c.get(ISR) & RSF, RSF);
}

TEST(an_alarm_comes_at_its_second_and_interrupts) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.set(ALRMAR, 0x28120003);
    c.set(CR_, ALRAE | ALRAIE);
    EXPECT_EQUAL(c.get(ISR) & 1, 0);                // ALRAWF
    c.run_for(3 * second - 1);
    EXPECT(!c.rtc.output("AlarmIRQ")->level());
    c.run_for(1);
    EXPECT(c.rtc.output("AlarmIRQ")->level());
    EXPECT(c.rtc.output("Wake")->level());
    c.set(ISR, ~(ALRAF | INIT));
    EXPECT(!c.rtc.output("AlarmIRQ")->level());
    c.run_seconds(60);
    EXPECT_EQUAL(c.get(ISR) & ALRAF, 0);
}

TEST(an_alarm_of_masked_fields_comes_each_quarter_of_a_second) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.set(ALRMAR, any_field);
    c.set(ALRMASSR, 6 << 24 | 0x3F);                // 6 of SSR's 8 bits: 255, 191, 127, 63
    int alarms = 0;
    c.rtc.output("AlarmIRQ")->connect([&](bool level) {
        if (!level) return;
        ++alarms;
        c.set(ISR, ~(ALRAF | INIT));
    });
    c.run_for(second / 8);
    c.set(CR_, ALRAE | ALRAIE);
    c.run_for(second - second / 8);
    EXPECT_EQUAL(alarms, 4);                        // of the next second the first: at its begin
    c.run_seconds(1);
    EXPECT_EQUAL(alarms, 8);
}

TEST(the_wakeup_timer_counts_rtcclk_or_seconds) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.set(WUTR, 19);
    c.set(CR_, WUTE | WUTIE);                       // RTCCLK / 16
    c.run_for(20 * 16 * lsi - 1);
    EXPECT(!c.rtc.output("WakeupIRQ")->level());
    c.run_for(1);
    EXPECT(c.rtc.output("WakeupIRQ")->level());
    c.set(WUTR, 1);
    EXPECT_EQUAL(c.get(WUTR), 19);                  // locked while it runs
    c.set(CR_, 0);
    c.run_for(2 * lsi);
    c.set(ISR, ~(WUTF | INIT));
    c.set(WUTR, 1);
    c.set(CR_, 4);
    c.set(CR_, WUTE | 4);                           // the calendar's seconds
    c.run_seconds(1);                               // the first ends with the calendar's second, sooner
    EXPECT_EQUAL(c.get(ISR) & WUTF, 0);
    c.run_seconds(1);
    EXPECT_EQUAL(c.get(ISR) & WUTF, WUTF);
}

TEST(a_time_stamp_is_taken_once) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.set(CR_, TSE);
    auto pin = *c.rtc.input(1);
    c.run_seconds(5);
    pin(true);
    pin(false);
    EXPECT_EQUAL(c.get(TSTR), 0x120005);
    EXPECT_EQUAL(c.get(ISR) & (TSF | TSOVF), TSF);
    pin(true);
    EXPECT_EQUAL(c.get(ISR) & (TSF | TSOVF), TSF | TSOVF);
}

TEST(a_system_reset_leaves_it_running_and_a_backup_reset_clears_it) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.set(BKP0R, 0xCAFE);
    c.rtc.note_reset(1 << 28);
    c.rtc.reset();
    c.run_seconds(2);
    EXPECT_EQUAL(c.time(), 0x120002);
    EXPECT_EQUAL(c.get(BKP0R), 0xCAFE);
    c.rcc_set(BDCR, rtc_reset);
    EXPECT_EQUAL(c.get(BKP0R), 0);
    EXPECT_EQUAL(c.time(), 0);
}

TEST(without_dbp_nothing_is_written) {
    Clock c;
    auto writable = *c.rtc.input(0);
    c.set(BKP0R, 1);
    EXPECT_EQUAL(c.get(BKP0R), 0);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    writable(true);
    c.set(BKP0R, 1);
    EXPECT_EQUAL(c.get(BKP0R), 1);
    c.set(CR_, 1 << 4);
    EXPECT(c.rtc.take_gap());                       // REFCKON
}

TEST(a_wakeup_beyond_all_time_never_comes) {
    Clock c;
    c.begin_init();
    c.set(PRER, 127 << 16 | 32767);
    c.set(CR_, 6);
    c.set(WUTR, 0xFFFF);
    c.end_init();
    c.set(CR_, 6 | WUTE);
    c.run_seconds(1000);
    EXPECT_EQUAL(c.get(ISR) & WUTF, 0);
}

int main(int count, char** names) { return bench::run(count, names); }
