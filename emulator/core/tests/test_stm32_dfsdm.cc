// DFSDM of the STM32L4 on the bench: conversion times in CKOUT's periods, sinc arithmetic against sums written out, injected
// conversions, overruns, a microphone.
#include <bit>

#include "parts/pdm_microphone.h"
#include "stm32_dfsdm_bench.h"

using namespace bench::dfsdm;

namespace {

// Samples of CHDATINR through filter 0; the result, or 0x800000 when there is none.
int32_t feed(Digital& d, uint32_t setting, const std::vector<int16_t>& samples) {
    d.set(0x20 * 2 + CFGR1, CHEN | data_of_cpu);
    d.start(setting, 0);
    for (int16_t sample : samples) d.set(0x20 * 2 + DATINR, static_cast<uint16_t>(sample));
    return (d.flags() & REOCF) != 0 ? d.data() : 0x800000;
}

// The impulse response of sinc^order over n samples, by convolution of boxes.
std::vector<int64_t> response(unsigned order, unsigned n) {
    std::vector<int64_t> h{1};
    for (unsigned i = 0; i < order; ++i) {
        std::vector<int64_t> wider(h.size() + n - 1, 0);
        for (size_t k = 0; k < h.size(); ++k)
            for (unsigned j = 0; j < n; ++j) wider[k + j] += h[k];
        h = wider;
    }
    return h;
}

}  // namespace

TEST(a_single_conversion_takes_the_manuals_time) {
    Digital d;
    d.start(fcr(3, 64, 1), 0);
    EXPECT_EQUAL(d.flags(), RCIP);
    d.run_to((64 * 3 + 3) * bit - 1);
    EXPECT_EQUAL(d.flags(), RCIP);
    d.run_to((64 * 3 + 3) * bit);
    EXPECT_EQUAL(d.flags(), REOCF);
    EXPECT_EQUAL(d.get(flt(0) + RDATAR), 64u * 64 * 64 << 8 | 2);
    EXPECT_EQUAL(d.flags(), 0);
}

TEST(continuous_fast_conversions_come_every_fosr_times_iosr_bits) {
    Digital d;
    d.start(fcr(4, 32, 2), RCONT | FAST);
    const Tick first = (32 * (2 - 1 + 4) + 4) * bit;
    d.run_to(first);
    EXPECT_EQUAL(d.data(), 2 * 32 * 32 * 32 * 32);
    for (int i = 1; i < 4; ++i) {
        d.run_to(first + i * 64 * bit - 1);
        EXPECT_EQUAL(d.flags() & REOCF, 0);
        d.run_to(first + i * 64 * bit);
        EXPECT_EQUAL(d.data(), 2 * 32 * 32 * 32 * 32);
    }
}

TEST(continuous_slow_conversions_begin_from_nothing) {
    Digital d;
    d.start(fcr(1, 10, 1), RCONT);
    d.run_to(11 * bit);
    EXPECT_EQUAL(d.data(), 10);
    d.run_to(23 * bit - 1);
    EXPECT_EQUAL(d.flags() & REOCF, 0);
    d.run_to(23 * bit);
    EXPECT_EQUAL(d.data(), 10);
}

TEST(sinc_is_the_convolution_written_out) {
    for (unsigned order = 1; order <= 5; ++order) {
        Digital d;
        const unsigned n = 7;
        std::vector<int16_t> samples(n * order);
        for (size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<int16_t>(i * 37 % 101) - 40;
        const std::vector<int64_t> h = response(order, n);
        int64_t wanted = 0;
        for (size_t i = 0; i < h.size(); ++i) wanted += h[i] * samples[samples.size() - 1 - i];
        EXPECT_EQUAL(feed(d, fcr(order, n, 1), samples), wanted);
    }
}

TEST(fast_sinc_is_sinc_2_and_itself_two_results_ago) {
    Digital d;
    const std::vector<int16_t> samples(4 * 8, 3);
    EXPECT_EQUAL(feed(d, fcr(0, 8, 1), samples), 2 * 64 * 3);
}

TEST(the_integrator_adds_and_fosr_1_bypasses_the_filter) {
    Digital d;
    EXPECT_EQUAL(feed(d, fcr(3, 1, 4), {1, 2, 3}), 0x800000);
    d.set(0x20 * 2 + DATINR, 4);
    EXPECT_EQUAL(d.data(), 10);
}

TEST(results_are_shifted_with_rounding_and_the_offset_is_subtracted) {
    Digital d;
    d.set(0x20 * 2 + CFGR2, 5u << offset_at | 2 << shift_at);
    EXPECT_EQUAL(feed(d, fcr(1, 1, 1), {6}), 2 - 5);
    d.set(0x20 * 2 + CFGR2, static_cast<uint32_t>(-7) << offset_at | 2 << shift_at);
    EXPECT_EQUAL(feed(d, fcr(1, 1, 1), {-7}), -2 + 7);
}

TEST(packed_samples_go_to_one_channel_or_to_two) {
    Digital d;
    d.set(0x20 * 2 + CFGR1, CHEN | data_of_cpu | interleaved);
    d.start(fcr(1, 2, 1), 0);
    d.set(0x20 * 2 + DATINR, 300u << 16 | 20);
    EXPECT_EQUAL(d.data(), 320);
    d.set(0x20 * 1 + CFGR1, CHEN | data_of_cpu | dual);
    d.start(fcr(1, 1, 1), 0);
    d.set(0x20 * 1 + DATINR, 300u << 16 | 20);
    EXPECT_EQUAL(d.data(), 300);
}

TEST(an_unread_result_stays_and_the_next_is_lost) {
    Digital d;
    d.set(flt(0) + CR2, ROVRF);
    d.start(fcr(1, 10, 1), RCONT | FAST);
    d.run_to(11 * bit);
    d.ones.word = 0;
    EXPECT(!d.dfsdm.output("0")->level());
    d.run_to(31 * bit);
    EXPECT(d.dfsdm.output("0")->level());
    EXPECT_EQUAL(d.flags() & (REOCF | ROVRF), REOCF | ROVRF);
    EXPECT_EQUAL(d.data(), 10);
    d.set(flt(0) + ICR, ROVRF);
    EXPECT_EQUAL(d.flags() & ROVRF, 0);
    EXPECT_EQUAL(d.recorder.counter("dfsdm1.filter0.samples_produced"), 3);
    EXPECT_EQUAL(d.recorder.counter("dfsdm1.filter0.samples_lost"), 2);
    EXPECT_EQUAL(d.recorder.counter("dfsdm1.filter0.samples_read"), 1);
    EXPECT_EQUAL(d.recorder.warnings.size(), 1);
}

TEST(injected_conversions_go_first_and_delay_the_regular_one) {
    Digital d;
    d.set(0x20 * 5 + CFGR1, CHEN | clock_of_ckout);
    d.set(flt(0) + JCHGR, 1 << 2 | 1 << 5);
    d.start(fcr(1, 10, 1), JSCAN);
    d.run_to(5 * bit);
    d.set(flt(0) + CR1, DFEN | 2u << regular_channel_at | JSCAN | JSWSTART);
    d.run_to(16 * bit);
    EXPECT_EQUAL(d.flags(), JEOCF | JCIP | RCIP);
    EXPECT_EQUAL(d.get(flt(0) + JDATAR), 10u << 8 | 2);
    d.run_to(27 * bit);
    EXPECT_EQUAL(d.get(flt(0) + JDATAR), static_cast<uint32_t>(-10) << 8 | 5);
    d.run_to(38 * bit);
    EXPECT_EQUAL(d.get(flt(0) + RDATAR), 10u << 8 | RPEND | 2);
    EXPECT_EQUAL(d.flags(), 0);
}

TEST(a_trigger_edge_starts_the_injected_group_one_by_one) {
    Digital d;
    d.set(flt(1) + JCHGR, 1 << 2 | 1 << 3);
    d.set(flt(1) + FCR, fcr(1, 4, 1));
    d.set(flt(1) + CR1, DFEN | 1 << trigger_edge_at | 3 << trigger_at | JDMAEN);
    const auto trigger = *d.dfsdm.input(3);
    trigger(true);
    trigger(false);
    d.run_to(5 * bit);
    EXPECT(d.dfsdm.output("DmaFilter1")->level());
    EXPECT_EQUAL(d.get(flt(1) + JDATAR), 4u << 8 | 2);
    EXPECT(!d.dfsdm.output("DmaFilter1")->level());
    trigger(true);
    d.run_to(10 * bit);
    EXPECT_EQUAL(d.get(flt(1) + JDATAR), static_cast<uint32_t>(-4) << 8 | 3);
}

TEST(filters_with_rsync_start_with_filter_0_and_chinsel_takes_the_next_pin) {
    Digital d;
    d.set(0x20 * 1 + CFGR1, CHEN | CHINSEL | clock_of_ckout | 1);
    Ones other;
    d.dfsdm.pdm_sockets()->attach(10, other);
    d.set(flt(1) + FCR, fcr(1, 4, 1));
    d.set(flt(1) + CR1, DFEN | 1u << regular_channel_at | RSYNC);
    d.start(fcr(1, 4, 1), 0);
    d.run_to(5 * bit);
    EXPECT_EQUAL(d.data(0), 4);
    EXPECT_EQUAL(d.data(1), 4);
    EXPECT_EQUAL(other.last_from, bit / 2);
    EXPECT_EQUAL(d.ones.last_from, 0);
}

TEST(a_conversion_without_ckout_is_told) {
    Digital d;
    d.set(CFGR1, DFSDMEN);
    d.start(fcr(1, 4, 1), 0);
    d.run_to(second);
    EXPECT_EQUAL(d.flags(), RCIP);
    EXPECT_EQUAL(d.recorder.warnings.size(), 1);
}

TEST(the_microphones_ones_are_as_many_as_the_pressure_says) {
    Digital d;
    tinysim::PdmMicrophone microphone{d.construction("mic")};
    tinysim::Recording quarter{.columns = 1, .values = {28'217'270 / 4, 28'217'270 / 4}, .times = {0, second}, .end = 2 * second};
    EXPECT(microphone.play(quarter));
    int64_t sum = 0;
    for (Tick word = 0; word < 1000; ++word) {
        const uint64_t bits = microphone.pdm_source()->bits(word * 64 * bit, bit, 64);
        sum += 2 * std::popcount(bits) - 64;
    }
    EXPECT(sum > 15'990 && sum < 16'010);
    EXPECT_EQUAL(microphone.pdm_source()->bits(0, 4 * bit, 64), 0);       // 250 kHz: asleep
    EXPECT_EQUAL(d.recorder.warnings.size(), 1);
    tinysim::Recording three{.columns = 3, .values = {0, 0, 0}, .times = {0}, .end = 1};
    EXPECT(!microphone.play(three));
}

TEST(a_channel_taken_from_the_wire_within_a_conversion_gives_no_result_of_ckout) {
    Digital d;
    d.start(fcr(3, 64, 1), 0);
    d.set(0x20 * 2 + CFGR1, CHEN | data_of_cpu);
    d.set(CFGR1, DFSDMEN);                          // CKOUTDIV 0: it stands still
    d.run_for(1000 * bit);
    EXPECT_EQUAL(d.flags() & REOCF, 0);
}

TEST(a_microphone_without_a_clock_sleeps) {
    Digital d;
    tinysim::PdmMicrophone microphone{d.construction("mic")};
    EXPECT_EQUAL(microphone.pdm_source()->bits(0, 0, 16), 0);
    EXPECT_EQUAL(microphone.pdm_source()->bits(0, Tick{1} << 60, 16), 0);
    EXPECT_EQUAL(d.recorder.warnings.size(), 1);
}

int main(int count, char** names) { return bench::run(count, names); }
