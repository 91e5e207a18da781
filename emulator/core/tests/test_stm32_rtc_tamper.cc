// Tamper detection of the RTC on the bench: edges, levels by samples, what it erases, interrupts and stamps, F4 and L4.
#include "stm32_rtc_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

constexpr uint32_t TAMP1E = 1, TAMP1TRG = 2, TAMPIE = 4, TAMP2E = 8, TAMP3E = 32, TAMPTS = 1 << 7, PUDIS = 1 << 15, TAMP1INSEL = 1 << 16,
                   TAMP2IE = 1 << 19, TAMP2NOERASE = 1 << 20, TAMP2MF = 1 << 21, TAMP1F = 1 << 13, TAMP2F = 1 << 14, TAMP3F = 1 << 15;
constexpr uint32_t flt_2 = 1 << 11, flt_4 = 2 << 11, freq_256 = 7 << 8, precharge_8 = 3 << 13;

}  // namespace

TEST(a_rising_edge_erases_the_backup_registers_and_holds_them) {
    Clock c;
    auto pin = *c.rtc.input(1);
    c.set(BKP0R, 0xCAFE);
    c.set(BKP0R + 19 * 4, 0xBEEF);
    c.set(TAFCR, TAMP1E | TAMPIE);
    EXPECT_EQUAL(c.get(BKP0R), 0xCAFE);
    pin(true);
    EXPECT_EQUAL(c.get(ISR) & (TAMP1F | TSF), TAMP1F);
    EXPECT(c.rtc.output("TimestampIRQ")->level());
    EXPECT(c.rtc.output("Wake")->level());
    EXPECT_EQUAL(c.get(BKP0R), 0);
    EXPECT_EQUAL(c.get(BKP0R + 19 * 4), 0);
    c.set(BKP0R, 1);
    EXPECT_EQUAL(c.get(BKP0R), 0);                  // while the flag is set
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.set(ISR, ~(TAMP1F | INIT));
    EXPECT(!c.rtc.output("TimestampIRQ")->level());
    c.set(BKP0R, 1);
    EXPECT_EQUAL(c.get(BKP0R), 1);
    pin(false);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, 0);
    pin(true);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, TAMP1F);
}

TEST(a_level_that_is_there_as_the_edge_is_enabled_is_one) {
    Clock c;
    auto pin = *c.rtc.input(1);
    pin(true);
    c.set(TAFCR, TAMP1E | TAMP1TRG);                // falling
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, 0);
    c.set(TAFCR, 0);
    c.set(TAFCR, TAMP1E);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, TAMP1F);
    c.set(ISR, ~(TAMP1F | INIT));
    c.set(TAFCR, TAMP1E | TAMPIE);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, 0);           // only once until it is enabled again
}

TEST(a_level_is_sampled_as_often_as_the_filter_says) {
    Clock c;
    auto pin = *c.rtc.input(1);
    pin(true);
    c.set(TAFCR, TAMP1E | flt_4 | freq_256 | precharge_8);     // low is a tamper
    c.run_for(1000 * lsi);
    pin(false);
    c.run_for(32 * lsi);                            // samples at 8 + n * 256: two low ones are not enough
    pin(true);
    c.run_for(second);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, 0);
    c.set(TAFCR, 0);
    pin(false);
    c.set(TAFCR, TAMP1E | flt_4 | freq_256 | precharge_8);
    c.run_for((8 + 4 * 256) * lsi - 1);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, 0);
    c.run_for(1);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, TAMP1F);
}

TEST(the_pull_charges_a_pin_that_nothing_is_wired_to) {
    L4Clock c;
    c.set(TAFCR, TAMP3E | flt_2 | freq_256);
    c.run_for(second);
    EXPECT_EQUAL(c.get(ISR) & TAMP3F, 0);
    c.set(TAFCR, TAMP3E | flt_2 | freq_256 | PUDIS);
    c.run_for(2 * 256 * lsi);
    EXPECT_EQUAL(c.get(ISR) & TAMP3F, TAMP3F);
}

TEST(the_second_pin_of_the_f4_takes_the_first_tamper) {
    Clock c;
    auto first = *c.rtc.input(1), second_pin = *c.rtc.input(2);
    c.set(TAFCR, TAMP1E | TAMP1INSEL);
    first(true);
    EXPECT_EQUAL(c.get(ISR) & TAMP1F, 0);
    second_pin(true);
    EXPECT_EQUAL(c.get(ISR) & (TAMP1F | TAMP2F), TAMP1F);
}

TEST(the_l4_may_keep_its_backup_registers_and_interrupts_by_input) {
    L4Clock c;
    auto pin = *c.rtc.input(2);
    c.set(BKP0R, 0xCAFE);
    c.set(TAFCR, TAMP2E | TAMP2IE | TAMP2NOERASE);
    pin(true);
    EXPECT_EQUAL(c.get(ISR) & TAMP2F, TAMP2F);
    EXPECT(c.rtc.output("TimestampIRQ")->level());
    EXPECT_EQUAL(c.get(BKP0R), 0xCAFE);
    c.set(BKP0R, 1);
    EXPECT_EQUAL(c.get(BKP0R), 1);
}

TEST(a_masked_tamper_sets_no_flag_and_stamps) {
    L4Clock c;
    c.start(0x120000, 0x246228);
    auto pin = *c.rtc.input(2);
    c.set(BKP0R, 0xCAFE);
    c.set(TAFCR, TAMP2E | TAMP2MF | TAMPTS);
    c.run_for(5 * second);
    pin(true);
    EXPECT_EQUAL(c.get(ISR) & (TAMP2F | TSF | TSOVF), TSF);
    EXPECT_EQUAL(c.get(TSTR), 0x120005);
    EXPECT_EQUAL(c.get(BKP0R), 0xCAFE);
    pin(false);
    pin(true);
    EXPECT_EQUAL(c.get(ISR) & (TAMP2F | TSF | TSOVF), TSF | TSOVF);
}

int main(int count, char** names) { return bench::run(count, names); }
