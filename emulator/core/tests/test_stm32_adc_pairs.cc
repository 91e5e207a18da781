// ADCs of the STM32F4 that work together: pairs, threes, their data and their distances.
#include "stm32_adc_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace bench::stm32::analog;

TEST(simultaneous_conversions_hand_over_pairs) {
    Analog a;
    a.adc2.write(SQR3, 2, 4);
    a.set(SQR3, 1);
    a.common.write(CCR, 6 | 2 << 14, 4);
    a.set(CR2, ADON | SWSTART);
    a.run_for(first + one);
    EXPECT(a.adc1.output("DMARequest")->level());
    EXPECT_EQUAL(a.common.read(0, 4), (STRT | EOC) * 0x101);
    EXPECT_EQUAL(a.common.read(CDR, 4), code(2000) << 16 | code(1000));
    EXPECT_EQUAL(a.common.read(0, 4), STRT * 0x101);
    EXPECT(!a.adc1.output("DMARequest")->level());
}

TEST(three_interleaved_adcs_sample_at_equal_distances) {
    Analog a;
    Level own_1{100}, own_2{200}, own_3{300};
    a.adc1.analog_sockets()->attach(4, own_1);
    a.adc2.analog_sockets()->attach(4, own_2);
    a.adc3.analog_sockets()->attach(4, own_3);
    for (auto* each : {&a.adc1, &a.adc2, &a.adc3}) {
        each->write(SQR3, 4, 4);
        each->write(CR2, ADON | CONT, 4);
    }
    a.common.write(CCR, 0x17 | 1 << 8 | 1 << 14, 4);      // a delay of 6 cycles
    a.set(CR2, ADON | CONT | SWSTART);
    std::vector<uint32_t> results;
    a.adc1.output("DMARequest")->connect([](bool) {});
    while (results.size() < 6) {
        a.run_for(cycle);
        if (a.adc1.output("DMARequest")->level()) results.push_back(a.common.read(CDR, 4));
    }
    EXPECT_EQUAL(results[0], code(100));
    EXPECT_EQUAL(results[1], code(200));
    EXPECT_EQUAL(results[2], code(300));
    EXPECT_EQUAL(results[3], code(100));
    EXPECT_EQUAL(own_2.last_at - own_3.last_at, 2 * 6 * cycle);      // the next round has begun
    EXPECT_EQUAL(a.flags() & OVR, 0);
}

TEST(an_alternate_trigger_goes_round) {
    Analog a;
    a.set(JSQR, 1 << 15);
    a.adc2.write(JSQR, 2 << 15, 4);
    a.common.write(CCR, 9, 4);
    a.set(CR2, ADON | 1 << 20 | 1 << 16);
    const auto trigger = *a.common.input(17);
    const auto pulse = [&] {
        trigger(true);
        trigger(false);
        a.run_for(4 * cycle + one);
    };
    pulse();
    EXPECT_EQUAL(a.flags(), JSTRT | JEOC);
    EXPECT_EQUAL(a.adc2.read(SR, 4), 0);
    pulse();
    EXPECT_EQUAL(a.adc2.read(SR, 4), JSTRT | JEOC);
    EXPECT_EQUAL(a.adc2.read(JDR1, 4), code(2000));
}

int main(int count, char** names) { return bench::run(count, names); }
