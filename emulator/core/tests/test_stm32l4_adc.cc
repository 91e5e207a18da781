// ADC of the STM32L4 on the bench: power and calibration in their order and time, conversion times, oversampling, offsets,
// watchdogs, pairs. At 4 MHz (MSI) and CKMODE 1 an ADC cycle is a clock.
#include "soc/stm32/dac.h"
#include "stm32l4_adc_bench.h"

using namespace bench;
using namespace bench::stm32l4;

TEST(power_calibration_and_readiness_take_their_time) {
    Analog a;
    EXPECT_EQUAL(a.get(r::CR), r::DEEPPWD);
    a.set(r::CR, r::ADEN);
    EXPECT_EQUAL(a.get(r::CR), 0);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
    a.set(r::CR, r::ADVREGEN);
    a.run_for(20 * microsecond);
    a.set(r::CR, r::ADVREGEN | r::ADCAL);
    a.run_for(116 * cycle - 1);
    EXPECT_EQUAL(a.get(r::CR), r::ADVREGEN | r::ADCAL);
    a.run_for(1);
    EXPECT_EQUAL(a.get(r::CR), r::ADVREGEN);
    EXPECT(a.get(r::CALFACT) != 0);
    a.set(r::CR, is_on);
    EXPECT_EQUAL(a.flags(), 0);
    a.run_for(15 * cycle);
    EXPECT_EQUAL(a.flags(), r::ADRDY);
    a.set(r::CR, is_on | r::ADDIS);
    EXPECT_EQUAL(a.get(r::CR), r::ADVREGEN);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
}

TEST(a_conversion_takes_15_cycles_and_a_software_start_ends) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(2, 1, 2));
    a.start();
    a.at(first + 2 * cycle + half);
    EXPECT_EQUAL(a.get(r::ISR), r::EOSMP);
    a.at(first + one - 1);
    EXPECT_EQUAL(a.flags(), 0);
    a.at(first + one);
    EXPECT_EQUAL(a.flags(), r::EOC);
    EXPECT_EQUAL(a.get(r::DR), code(1000));
    EXPECT_EQUAL(a.get(r::CR), is_on | r::ADSTART);
    a.at(first + 2 * one);
    EXPECT_EQUAL(a.flags(), r::EOC | r::EOS);
    EXPECT_EQUAL(a.get(r::CR), is_on);
    EXPECT_EQUAL(a.get(r::DR), code(2000));
}

TEST(sampling_times_and_resolutions) {
    Analog a;
    a.go(a.adc1);
    a.set(r::CFGR, 1u << 31 | 3 << 3);
    a.set(r::SMPR1, 7 << 3);
    a.set(r::SQR1, sq(1, 1));
    a.start();
    a.at(first + 1281 * half + 13 * half - 1);
    EXPECT_EQUAL(a.flags(), 0);
    a.at(first + 1281 * half + 13 * half);
    EXPECT_EQUAL(a.get(r::DR), code(1000) >> 6);
}

TEST(continuous_until_stopped_and_overruns_by_ovrmod) {
    for (uint32_t overwrite : {0u, uint32_t{r::OVRMOD}}) {
        Analog a;
        a.go(a.adc1);
        a.set(r::SQR1, sq(1, 1));
        a.set(r::CFGR, 1u << 31 | r::CONT | overwrite);
        a.start();
        a.at(first + one);
        a.at_1.start = 3'000'000;
        a.at(first + 2 * one);
        EXPECT_EQUAL(a.flags(), r::EOC | r::EOS | r::OVR);
        EXPECT_EQUAL(a.get(r::DR), overwrite != 0 ? code(3000) : code(1000));
        a.set(r::CR, is_on | r::ADSTP);
        EXPECT_EQUAL(a.get(r::CR), is_on);
        a.set(r::ISR, 0x7FF);
        a.run_for(10 * one);
        EXPECT_EQUAL(a.flags(), 0);
    }
}

TEST(settings_are_locked_while_it_converts) {
    Analog a;
    a.go(a.adc1);
    a.set(r::CFGR, 1u << 31 | r::CONT);
    a.start();
    a.set(r::CFGR, 0);
    a.set(r::SQR1, sq(3, 1));
    EXPECT_EQUAL(a.get(r::CFGR), 1u << 31 | r::CONT);
    EXPECT_EQUAL(a.get(r::SQR1), 0);
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
}

TEST(oversampling_adds_and_shifts) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(1, 1));
    a.set(r::CFGR2, r::ROVSE | 3 << 2 | 2 << 5);          // 16 conversions, two bits less
    a.start();
    a.at(first + 16 * one - 1);
    EXPECT_EQUAL(a.flags(), 0);
    a.at(first + 16 * one);
    EXPECT_EQUAL(a.get(r::DR), 4 * code(1000));
    EXPECT_EQUAL(a.get(r::CR), is_on);
}

TEST(triggered_oversampling_wants_a_trigger_each) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(1, 1));
    a.set(r::CFGR2, r::ROVSE | r::TROVS);
    a.set(r::CFGR, 1u << 31 | 1 << 10 | 13 << 6);
    a.start();
    const auto trigger = *a.common.input(13);
    trigger(true);
    trigger(false);
    a.run_for(10 * one);
    EXPECT_EQUAL(a.flags(), 0);
    trigger(true);
    a.run_for(first + one);
    EXPECT_EQUAL(a.flags(), r::EOC | r::EOS);
    EXPECT_EQUAL(a.get(r::DR), 2 * code(1000));
    EXPECT_EQUAL(a.get(r::CR), is_on | r::ADSTART);
}

TEST(offsets_alignment_and_differential_inputs) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(1, 1));
    a.set(r::OFR1, 1u << 31 | 1 << 26 | 2000);
    a.start();
    a.run_for(first + one);
    EXPECT_EQUAL(a.get(r::DR), (code(1000) - 2000) & 0xFFFF);
    a.set(r::CFGR, 1u << 31 | r::ALIGN);
    a.start();
    a.run_for(first + one);
    EXPECT_EQUAL(a.get(r::DR), ((code(1000) - 2000) << 3) & 0xFFFF);
    a.set(r::OFR1, 0);
    a.set(r::CR, is_on | r::ADDIS);
    a.set(r::DIFSEL, 1 << 1);
    a.go(a.adc1);
    a.set(r::CFGR, 1u << 31);
    a.start();
    a.run_for(first + one);
    EXPECT_EQUAL(a.get(r::DR), 2048 - 621);                // 1 V - 2 V
}

TEST(injected_ones_and_their_flags) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(2, 1, 2));
    a.set(r::JSQR, 1 | 3 << 8 | 1 << 14);
    a.start();
    a.at(first + 5 * cycle);
    a.start(r::JADSTART);
    const Tick injected = first + 5 * cycle + 3 * cycle;
    a.at(injected + one);
    EXPECT_EQUAL(a.flags(), r::JEOC);
    a.at(injected + 2 * one);
    EXPECT_EQUAL(a.flags(), r::JEOC | r::JEOS);
    EXPECT_EQUAL(a.get(r::JDR1), code(3000));
    EXPECT_EQUAL(a.get(r::JDR1 + 4), code(1000));
    EXPECT_EQUAL(a.get(r::CR), is_on | r::ADSTART);
    a.at(injected + 3 * one);
    EXPECT_EQUAL(a.get(r::DR), code(1000));
}

TEST(three_watchdogs) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(1, 2));
    a.set(r::TR1, 2000 << 16);
    a.set(r::TR2, 0xFFu << 16 | 200);
    a.set(r::CFGR, 1u << 31 | r::AWD1EN | r::AWD1SGL | 2 << 26);
    a.set(r::AWD2CR, 1 << 2);
    a.set(r::AWD3CR, 1 << 2);
    a.set(r::IER, r::AWD1);
    a.start();
    a.run_for(first + one);
    EXPECT_EQUAL(a.flags(), r::EOC | r::EOS | r::AWD1 | r::AWD2);
    EXPECT(a.adc1.output("IRQ")->level());
}

TEST(auto_delay_waits_for_the_reader) {
    Analog a;
    a.go(a.adc1);
    a.set(r::SQR1, sq(1, 1));
    a.set(r::CFGR, 1u << 31 | r::CONT | r::AUTDLY);
    a.start();
    a.run_for(20 * one);
    EXPECT_EQUAL(a.flags(), r::EOC | r::EOS);
    a.get(r::DR);
    a.run_for(one);
    EXPECT_EQUAL(a.flags() & (r::EOC | r::OVR), r::EOC);
}

TEST(a_pair_interleaves_behind_the_others_sampling) {
    Analog a;
    a.common.write(CCR_at, from_bus | 7 | 3 << 8 | 2 << 14, 4);
    Level own_1{100}, own_2{200};
    a.adc1.analog_sockets()->attach(4, own_1);
    a.adc2.analog_sockets()->attach(4, own_2);
    a.go(a.adc2);
    a.go(a.adc1);
    for (auto* each : {&a.adc1, &a.adc2}) each->write(r::SQR1, sq(1, 4), 4);
    a.start();
    a.run_for(first + 2 * one);
    EXPECT_EQUAL(own_2.last_at - own_1.last_at, 4 * cycle + 5 * half);
    EXPECT(a.adc1.output("DMARequest")->level());
    EXPECT_EQUAL(a.common.read(CDR_at, 4), code(200) << 16 | code(100));
    EXPECT(!a.adc1.output("DMARequest")->level());
}

TEST(the_kernel_clock_is_that_of_ccipr_behind_presc) {
    Analog a;
    a.common.write(CCR_at, 2 << 18, 4);
    a.go(a.adc1);
    EXPECT_EQUAL(a.get(r::ISR), 0);
    a.set(r::CR, is_on | r::ADDIS);
    a.rcc_set(CCIPR, 3 << 28);
    a.go(a.adc1);
    a.run_for(15 * 4 * cycle);
    a.set(r::ISR, r::ADRDY);
    a.set(r::SQR1, sq(1, 1));
    a.start();
    a.run_for(4 * (first + one) - 1);
    EXPECT_EQUAL(a.flags(), 0);
    a.run_for(1);
    EXPECT_EQUAL(a.flags(), r::EOC | r::EOS);
}

int main(int count, char** names) { return bench::run(count, names); }
