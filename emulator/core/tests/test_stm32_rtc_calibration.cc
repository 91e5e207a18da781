// The RTC's calibrations, shift and output on the bench: seconds in RTCCLK cycles, counted from one alarm or edge to another.
#include "stm32_rtc_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

constexpr uint32_t CALP = 1u << 15, CALW8 = 1u << 14, RECALPF = 1u << 16, SHPF = 1u << 3, ADD1S = 1u << 31, DCE = 1u << 7, COE = 1u << 23,
                   COSEL = 1u << 19, POL = 1u << 20, out_alarm_a = 1u << 21;
constexpr int64_t window_pulses = 1 << 20, window_seconds = 1 << 15;     // with PREDIV_A and PREDIV_S of 32 pulses a second

// A calendar whose second is 32 pulses, so that a whole window of the calibration passes quickly.
template <class Block>
struct Quick : RtcChip<Block> {
    using RtcChip<Block>::set, RtcChip<Block>::get;
    Quick() {
        this->begin_init();
        set(PRER, 3 << 16 | 7);
        set(TR, 0);
        this->end_init();
        this->run_for(4 * lsi);
    }
    void calibrate(uint32_t calr) {
        set(CALR, calr);
        this->run_for(3 * 4 * lsi);
        EXPECT_EQUAL(get(ISR) & RECALPF, 0);
    }
    int64_t cycles_of(int64_t seconds) {                // of RTCCLK
        const Tick begin = this->scheduler.now();
        int64_t left = seconds;
        while (left > 0) {
            const uint32_t before = this->time();
            this->run_for(lsi);
            if (this->time() != before) --left;
        }
        return (this->scheduler.now() - begin) / lsi;
    }
};

}  // namespace

TEST(a_window_is_longer_by_each_cycle_that_calm_masks) {
    Quick<tinysim::stm32::L4Rtc> c;
    c.set(CALR, 0x1FF);
    EXPECT_EQUAL(c.get(ISR) & RECALPF, RECALPF);
    c.set(CALR, 0);
    EXPECT_EQUAL(c.get(CALR), 0x1FF);                   // refused while the other is pending
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.run_for(3 * 4 * lsi);
    EXPECT_EQUAL(c.get(ISR) & RECALPF, 0);
    c.cycles_of(1);
    EXPECT_EQUAL(c.cycles_of(window_seconds), window_pulses + 511);
}

TEST(a_window_is_shorter_by_512_with_calp) {
    Quick<tinysim::stm32::L4Rtc> c;
    c.calibrate(CALP);
    c.cycles_of(1);
    EXPECT_EQUAL(c.cycles_of(window_seconds), window_pulses - 512);
    c.calibrate(CALP | 3);
    c.cycles_of(1);
    EXPECT_EQUAL(c.cycles_of(window_seconds), window_pulses - 509);
}

TEST(a_short_window_has_no_lowest_bits_and_calp_needs_a_prescaler_of_four) {
    Quick<tinysim::stm32::L4Rtc> c;
    c.calibrate(CALW8 | 7);
    EXPECT_EQUAL(c.get(CALR), CALW8 | 4);
    c.cycles_of(1);
    EXPECT_EQUAL(c.cycles_of(window_seconds / 4), window_pulses / 4 + 1);
    c.begin_init();
    c.set(PRER, 1 << 16 | 15);
    c.end_init();
    c.calibrate(CALP);
    c.cycles_of(1);
    EXPECT_EQUAL(c.cycles_of(64), 2048);
}

TEST(a_masked_cycle_lengthens_the_step_that_it_is_in) {
    L4Clock c;
    c.start(0x120000, 0x246228);
    c.set(CALR, 0x100);                                 // pulses 0x800, 0x1800, ... are masked
    c.run_for(3 * 125 * lsi);
    const int64_t step = 0x800 / 125;                   // of this second's 256
    c.run_for((125 * (step + 1) - 3 * 125) * lsi - 1);
    EXPECT_EQUAL(c.get(SSR), 255 - step);
    c.get(DR);
    c.run_for(1);
    EXPECT_EQUAL(c.get(SSR), 255 - step);               // one cycle late
    c.get(DR);
    c.run_for(lsi);
    EXPECT_EQUAL(c.get(SSR), 255 - step - 1);
}

TEST(a_shift_delays_by_its_steps) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.run_for(second / 2);
    c.set(SHIFTR, 64);                                  // a quarter of a second
    EXPECT_EQUAL(c.get(ISR) & (SHPF | RSF), SHPF);
    c.set(SHIFTR, 64);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.set(ISR, ~(RSF | INIT));
    c.run_for(124 * lsi);
    EXPECT_EQUAL(c.get(ISR) & (SHPF | RSF), SHPF);     // as HAL_RTC_WaitForSynchro() asks
    c.run_for(lsi);
    EXPECT_EQUAL(c.get(ISR) & SHPF, 0);
    c.run_for(2 * lsi);
    EXPECT_EQUAL(c.get(ISR) & RSF, RSF);
    c.run_for(second * 3 / 4 - 127 * lsi - 1);
    EXPECT_EQUAL(c.time(), 0x120000);
    c.run_for(1);
    EXPECT_EQUAL(c.time(), 0x120001);
}

TEST(a_shift_with_add1s_advances_and_subseconds_may_be_above_prediv_s) {
    Clock c;
    c.start(0x120000, 0x246228);
    c.set(CR_, BYPSHAD);
    c.run_for(125 * lsi);
    c.set(SHIFTR, ADD1S | 192);                         // 1 s - 0.75 s
    c.run_for(125 * lsi);
    EXPECT_EQUAL(c.get(TR), 0x120001);
    EXPECT_EQUAL(c.get(SSR), 253 + 192);
    c.run_for(second * 7 / 4 - 250 * lsi - 1);
    EXPECT_EQUAL(c.get(TR), 0x120001);
    c.run_for(1);
    EXPECT_EQUAL(c.get(TR), 0x120002);
    EXPECT_EQUAL(c.get(SSR), 255);
}

TEST(the_coarse_calibration_takes_two_steps_of_a_minute_or_gives_one) {
    for (const bool is_negative : {false, true}) {
        Clock c;
        c.set(CALIBR, 1);
        EXPECT_EQUAL(c.get(CALIBR), 0);                 // not in initialisation mode
        c.begin_init();
        c.set(CR_, DCE);
        c.set(PRER, 124 << 16 | 255);
        c.set(CALIBR, (is_negative ? 0x80 : 0) | 1);
        c.end_init();
        const Tick minute = 60 * second + (is_negative ? 125 : -250) * lsi;
        c.run_for(4 * lsi + 2 * minute - 1);            // 2 x DC minutes
        EXPECT_EQUAL(c.time(), 0x000159);
        c.run_for(1);
        EXPECT_EQUAL(c.time(), 0x000200);
        c.run_for(62 * 60 * second);
        EXPECT_EQUAL(c.time(), 0x010400);
        c.run_for(minute);
        EXPECT_EQUAL(c.time(), 0x010500);
    }
}

TEST(an_alarm_and_a_wakeup_of_seconds_follow_shift_and_calibration) {
    L4Clock c;
    c.start(0x120000, 0x246228);
    c.set(ALRMAR, any_field);
    c.set(ALRMASSR, 8 << 24 | 127);
    c.set(WUTR, 1);
    c.set(CR_, ALRAE | WUTE | 4);
    c.set(SHIFTR, 128);
    c.run_for(second - 1);
    EXPECT_EQUAL(c.get(ISR) & (ALRAF | WUTF), 0);       // 127 comes half a second late, as does the second
    c.run_for(1);
    EXPECT_EQUAL(c.get(ISR) & (ALRAF | WUTF), ALRAF);
    c.run_for(second * 3 / 2 - 1);
    EXPECT_EQUAL(c.get(ISR) & WUTF, 0);
    c.run_for(1);
    EXPECT_EQUAL(c.get(ISR) & WUTF, WUTF);
}

TEST(rtc_out_shows_the_calibrated_clock_or_an_alarm) {
    Clock c;
    tinysim::Line& out = *c.rtc.output("Out");
    int rises = 0;
    out.connect([&](bool level) { rises += level ? 1 : 0; });
    c.start(0x120000, 0x246228, COE | COSEL);
    rises = 0;
    c.run_for(10 * second);
    EXPECT_EQUAL(rises, 10);
    EXPECT(out.level());
    c.run_for(second / 2);
    EXPECT(!out.level());
    c.set(CR_, COE);
    rises = 0;
    c.run_for(second);
    EXPECT_EQUAL(rises, 500);                           // 32000 / 64
    c.set(ALRMAR, any_field);
    c.set(CR_, ALRAE | out_alarm_a);
    EXPECT(!out.level());
    c.run_for(second);
    EXPECT(out.level());
    c.set(CR_, ALRAE | out_alarm_a | POL);
    EXPECT(!out.level());
}

int main(int count, char** names) { return bench::run(count, names); }
