// ADC of the STM32F4 on the bench: times in ADC cycles, groups that interrupt each other, triggers, flags.
#include "parts/analog_signal.h"
#include "stm32_adc_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace bench::stm32::analog;

TEST(a_conversion_takes_latency_sampling_and_12_cycles) {
    Analog a;
    a.set(SQR3, 1);
    a.set(CR2, ADON | SWSTART);
    EXPECT_EQUAL(a.flags(), STRT);
    a.at(first + one - 1);
    EXPECT_EQUAL(a.flags(), STRT);
    a.at(first + one);
    EXPECT_EQUAL(a.flags(), STRT | EOC);
    EXPECT_EQUAL(a.at_1.last_at, a.start_at + first + 3 * cycle);
    EXPECT_EQUAL(a.get(DR), code(1000));
    EXPECT_EQUAL(a.flags(), STRT);
    EXPECT_EQUAL(a.recorder.warnings.size(), 0);
}

TEST(resolution_sampling_time_and_prescaler_make_the_time) {
    Analog a;
    a.common.write(CCR, 3 << 16, 4);
    a.set(SQR3, 2);
    a.set(SMPR2, 4 << 6);
    a.set(CR1, 2 << 24);
    a.set(CR2, ADON | ALIGN | SWSTART);
    a.at((2 + 84 + 8) * 8 * at_16_mhz - 1);
    EXPECT_EQUAL(a.flags(), STRT);
    a.at((2 + 84 + 8) * 8 * at_16_mhz);
    EXPECT_EQUAL(a.get(DR), (code(2000) >> 4) << 8);
}

TEST(a_scan_ends_with_its_last_channel_and_goes_on_when_continuous) {
    Analog a;
    a.sequence(1, 2, 3);
    a.set(CR2, ADON | CONT | SWSTART);
    a.at(first + 3 * one - 1);
    EXPECT_EQUAL(a.flags() & EOC, 0);
    a.at(first + 3 * one);
    EXPECT_EQUAL(a.get(DR), code(3000));
    a.at(first + 6 * one);
    EXPECT_EQUAL(a.flags() & EOC, EOC);
    a.set(CR2, 0);
    a.set(SR, 0);
    a.at(first + 20 * one);
    EXPECT_EQUAL(a.flags(), 0);
}

TEST(eocs_tells_each_conversion_and_an_unread_one_is_an_overrun) {
    Analog a;
    a.sequence(1, 2, 3);
    a.set(CR2, ADON | EOCS | SWSTART);
    a.at(first + one);
    EXPECT_EQUAL(a.get(DR), code(1000));
    a.at(first + 3 * one);
    EXPECT_EQUAL(a.flags(), STRT | EOC | OVR);
    EXPECT_EQUAL(a.get(DR), code(2000));
    a.set(CR2, ADON | EOCS | SWSTART);
    a.at(first + 9 * one);
    EXPECT_EQUAL(a.flags(), STRT | OVR);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
    a.set(SR, 0);
    a.set(CR2, ADON | EOCS | SWSTART);
    EXPECT_EQUAL(a.flags(), STRT);
}

TEST(a_dma_without_dds_ends_with_the_last_item) {
    Analog a;
    a.set(SQR3, 1);
    a.set(CR2, ADON | CONT | DMA | SWSTART);
    tinysim::Line& request = *a.adc1.output("DMARequest");
    a.at(first + one);
    EXPECT(request.level());
    a.get(DR);
    (*a.adc1.input(32))(true);
    (*a.adc1.input(32))(false);
    EXPECT(!request.level());
    a.at(first + 2 * one);
    EXPECT(request.level());
    a.get(DR);
    a.at(first + 5 * one);
    EXPECT(!request.level());
    EXPECT_EQUAL(a.flags() & OVR, 0);
}

TEST(a_dma_that_is_late_ends_in_an_overrun) {
    Analog a;
    a.set(SQR3, 1);
    a.set(CR1, 1 << 26);
    a.set(CR2, ADON | CONT | DMA | DDS | SWSTART);
    a.at(first + 2 * one);
    EXPECT_EQUAL(a.flags() & OVR, OVR);
    EXPECT(a.adc1.output("IRQ")->level());
    EXPECT(!a.adc1.output("DMARequest")->level());
}

TEST(triggers_start_on_their_edges_and_discontinuous_groups_one_by_one) {
    Analog a;
    a.sequence(1, 2, 3);
    a.set(CR1, SCAN | DISCEN | 1 << 13);
    a.set(CR2, ADON | 8 << 24 | 2u << 28);
    const auto trigger = *a.adc1.input(8);
    trigger(true);
    EXPECT_EQUAL(a.flags(), 0);
    trigger(false);
    a.at(first + 2 * one);
    EXPECT_EQUAL(a.get(DR), code(2000));
    a.at(first + 9 * one);
    EXPECT_EQUAL(a.flags(), STRT);
    const auto shared = *a.common.input(8);
    shared(true);
    shared(false);
    a.run_for(first + one);
    EXPECT_EQUAL(a.get(DR), code(3000));
}

TEST(injected_conversions_interrupt_and_take_their_offsets) {
    Analog a;
    a.sequence(1, 2, 3);
    a.set(JSQR, 1 << 20 | 3 << 10 | 1 << 15);
    a.set(JOFR1 + 4, 2000);
    a.set(CR2, ADON | SWSTART);
    a.at(first + one + 5 * cycle);
    a.set(CR2, ADON | JSWSTART);
    const Tick injected = first + one + 5 * cycle + 3 * cycle;
    a.at(injected + 2 * one - 1);
    EXPECT_EQUAL(a.flags(), STRT | JSTRT);
    a.at(injected + 2 * one);
    EXPECT_EQUAL(a.flags(), STRT | JSTRT | JEOC);
    EXPECT_EQUAL(a.get(JDR1), code(3000));
    EXPECT_EQUAL(a.get(JDR1 + 4), (code(1000) - 2000) & 0xFFFF);
    a.at(injected + 4 * one);
    EXPECT_EQUAL(a.flags() & EOC, EOC);
    EXPECT_EQUAL(a.get(DR), code(3000));
}

TEST(jauto_injects_behind_each_regular_sequence) {
    Analog a;
    a.set(CR1, JAUTO);
    a.set(SQR3, 1);
    a.set(JSQR, 2 << 15);
    a.set(CR2, ADON | CONT | SWSTART);
    a.at(first + 2 * one);
    EXPECT_EQUAL(a.flags() & (EOC | JEOC), EOC | JEOC);
    EXPECT_EQUAL(a.get(JDR1), code(2000));
    a.set(SR, 0);
    a.at(first + 3 * one);
    EXPECT_EQUAL(a.flags(), EOC);
}

TEST(the_watchdog_looks_at_its_channel) {
    Analog a;
    a.sequence(1, 2, 3);
    a.set(HTR, code(2500));
    a.set(LTR, code(1500));
    a.set(CR1, SCAN | 1 << 23 | 1 << 9 | 2 | 1 << 6);
    a.set(CR2, ADON | SWSTART);
    a.run_for(first + 3 * one);
    EXPECT_EQUAL(a.flags() & AWD, 0);
    a.set(CR1, SCAN | 1 << 23 | 1 << 6);
    a.set(CR2, ADON | SWSTART);
    a.run_for(first + one);
    EXPECT_EQUAL(a.flags() & AWD, AWD);
    EXPECT(a.adc1.output("IRQ")->level());
}

TEST(channels_inside_need_their_switch_and_open_ones_are_told) {
    Analog a;
    a.set(SQR3, 17);
    a.set(CR2, ADON | SWSTART);
    a.run_for(first + one);
    EXPECT_EQUAL(a.get(DR), 0);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
    a.common.write(CCR, 1 << 23, 4);
    a.set(CR2, ADON | SWSTART);
    a.run_for(first + one);
    EXPECT_EQUAL(a.get(DR), code(1210));
    a.set(SQR3, 9);
    for (int i = 0; i < 2; ++i) {
        a.set(CR2, ADON | SWSTART);
        a.run_for(first + one);
    }
    EXPECT_EQUAL(a.recorder.warnings.size(), 2);
}

TEST(a_clock_above_the_limit_and_a_start_before_tstab_are_findings) {
    Analog a;
    a.go_168_mhz();
    a.set(SQR3, 1);
    a.set(CR2, 0);
    a.set(CR2, ADON);
    a.set(CR2, ADON | SWSTART);
    EXPECT_EQUAL(a.recorder.warnings.size(), 2);
}

TEST(the_reset_bit_of_rcc_resets_all) {
    Analog a;
    a.set(SQR3, 1);
    a.adc3.write(SQR3, 1, 4);
    a.rcc_set(APB2RSTR, 1 << 8);
    a.rcc_set(APB2RSTR, 0);
    EXPECT_EQUAL(a.get(SQR3), 0);
    EXPECT_EQUAL(a.adc3.read(SQR3, 4), 0);
}

TEST(a_signal_goes_straight_between_its_rows) {
    Chip chip;
    tinysim::AnalogSignal signal{chip.construction("signal", {{"millivolts", 500}})};
    tinysim::AnalogSource& source = *signal.analog_source();
    EXPECT_EQUAL(source.microvolts(0), 500'000);
    tinysim::Recording rows{.columns = 1, .values = {0, 3'000'000, -6}, .times = {10, 310, 313}, .end = 320};
    EXPECT(signal.play(rows));
    EXPECT_EQUAL(source.microvolts(9), 500'000);
    EXPECT_EQUAL(source.microvolts(11), 10'000);
    EXPECT_EQUAL(source.microvolts(310), 3'000'000);
    EXPECT_EQUAL(source.microvolts(311), 1'999'998);
    EXPECT_EQUAL(source.microvolts(319), -6);
    EXPECT_EQUAL(source.microvolts(320), 500'000);
}

int main(int count, char** names) { return bench::run(count, names); }
