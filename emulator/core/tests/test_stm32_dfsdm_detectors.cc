// The DFSDM's detectors on the bench: when a threshold is met, which flag, interrupt and break follow, and what clears them.
#include "parts/pdm_microphone.h"
#include "stm32_dfsdm_bench.h"

using namespace bench::dfsdm;

namespace {

constexpr uint32_t channel2 = 0x20 * 2, channel5 = 0x20 * 5;
constexpr uint32_t watched2 = 1u << (watched_at + 2);

// Bits by their number: ones up to `first_zero`, then zeroes; with `alternates` 1, 0, 1, 0 up to there and ones from there on.
struct Scripted : tinysim::PdmSource {
    int64_t turn = 0;
    bool alternates = false;
    uint64_t bits(Tick from, Tick period, unsigned count) override {
        uint64_t word = 0;
        for (unsigned i = 0; i < count; ++i) {
            const int64_t number = from / period + i;
            word |= uint64_t{alternates ? number >= turn || number % 2 == 0 : number < turn} << i;
        }
        return word;
    }
};

struct Guarded : Digital {
    Scripted line;

    Guarded() {
        dfsdm.pdm_sockets()->attach(5, line);
        set(CFGR1, 0);
        set(channel5 + CFGR1, CHEN | clock_of_ckout);
    }
    void run_clock() { set(CFGR1, DFSDMEN | 3 << ckout_divider_at); }
    bool interrupt(unsigned filter = 0) { return dfsdm.output(std::to_string(filter))->level(); }
    bool is_broken(unsigned number) { return dfsdm.output("Break" + std::to_string(number))->level(); }
};

}  // namespace

TEST(a_result_that_reaches_a_threshold_is_told) {
    Digital d;
    d.set(flt(0) + CR2, AWDIE | watched2);
    d.set(flt(0) + AWHTR, 10u << 8 | 1u << 1);
    d.set(flt(0) + AWLTR, static_cast<uint32_t>(-10) << 8 | 1u << 3);
    d.start(fcr(1, 9, 1), RCONT | FAST);
    d.run_to(20 * bit);
    EXPECT_EQUAL(d.get(flt(0) + AWSR), 0);                   // 9 is not 10
    d.set(flt(0) + CR1, 0);
    d.start(fcr(1, 10, 1), RCONT | FAST);
    d.run_for(11 * bit);
    EXPECT_EQUAL(d.get(flt(0) + AWSR), 1u << (high_at + 2));
    EXPECT_EQUAL(d.flags() & AWDF, AWDF);
    EXPECT(d.dfsdm.output("0")->level());
    EXPECT(d.dfsdm.output("Break1")->level());
    d.set(flt(0) + AWCFR, 1u << (high_at + 2));
    EXPECT_EQUAL(d.flags() & AWDF, 0);
    EXPECT(!d.dfsdm.output("Break1")->level());
    d.ones.word = 0;
    d.run_for(100 * bit);
    EXPECT_EQUAL(d.get(flt(0) + AWSR) & 0xFF, 1u << 2);
    EXPECT(d.dfsdm.output("Break3")->level());
    d.set(flt(0) + CR1, 0);
    EXPECT_EQUAL(d.get(flt(0) + AWSR), 0);
    EXPECT(!d.dfsdm.output("Break3")->level());
}

TEST(the_fast_watchdog_has_its_own_filter_and_the_manuals_time) {
    Guarded g;
    g.line.turn = 1000;
    g.set(channel5 + AWSCDR, 3u << watchdog_order_at | 15u << watchdog_oversampling_at);      // sinc3 over 16
    g.set(flt(1) + CR2, AWDIE | 1u << (watched_at + 5));
    g.set(flt(1) + AWHTR, 4096u << 16);
    g.set(flt(1) + AWLTR, static_cast<uint32_t>(-4096) << 16);
    g.set(flt(1) + CR1, DFEN | AWFSEL);
    const Tick origin = g.scheduler.now();
    g.run_clock();
    g.run_to(origin + (16 * 3 + 3 + 1) * bit - 1);
    EXPECT(!g.interrupt(1));
    g.run_to(origin + (16 * 3 + 3 + 1) * bit);
    EXPECT(g.interrupt(1));
    EXPECT_EQUAL(g.get(flt(1) + AWSR), 1u << (high_at + 5));
    EXPECT_EQUAL(g.get(channel5 + WDATR), 4096);
    g.run_to(origin + 2000 * bit);
    EXPECT_EQUAL(g.get(flt(1) + AWSR), 1u << (high_at + 5) | 1u << 5);
    EXPECT_EQUAL(g.get(channel5 + WDATR), 0xF000);
    EXPECT_EQUAL(g.get(flt(0) + AWSR), 0);
}

TEST(watchdog_data_is_there_without_a_filter_that_watches) {
    Guarded g;
    g.line.turn = 300;
    g.set(channel5 + AWSCDR, 1u << watchdog_order_at | 9u << watchdog_oversampling_at);       // sinc1 over 10
    const Tick origin = g.scheduler.now();
    g.run_clock();
    EXPECT_EQUAL(g.get(channel5 + WDATR), 0);
    g.run_to(origin + 12 * bit);
    EXPECT_EQUAL(g.get(channel5 + WDATR), 10);
    g.run_to(origin + 307 * bit);                            // value of bits 290 to 299, ready at bit 302
    EXPECT_EQUAL(g.get(channel5 + WDATR), 10);
    g.run_to(origin + 312 * bit);
    EXPECT_EQUAL(g.get(channel5 + WDATR), 0xFFF6);
    g.set(channel5 + AWSCDR, 3u << watchdog_order_at | 31u << watchdog_oversampling_at);      // 32768 does not fit
    g.line.turn = 100'000;
    g.run_to(origin + 2000 * bit);
    EXPECT_EQUAL(g.get(channel5 + WDATR), 0x7FFF);
}

TEST(extremes_are_kept_until_they_are_read) {
    Digital d;
    d.set(flt(0) + CR2, 1u << (extremes_at + 2));
    EXPECT_EQUAL(d.get(flt(0) + EXMAX), no_maximum);
    d.start(fcr(1, 10, 1), RCONT | FAST);
    d.run_to(11 * bit);
    d.ones.word = 0;
    d.run_to(200 * bit);
    EXPECT_EQUAL(d.get(flt(0) + EXMAX), 10u << 8 | 2);
    EXPECT_EQUAL(d.get(flt(0) + EXMIN), static_cast<uint32_t>(-10) << 8 | 2);
    EXPECT_EQUAL(d.get(flt(0) + EXMAX), no_maximum);
    EXPECT_EQUAL(d.get(flt(0) + EXMIN), no_minimum);
    d.run_to(300 * bit);
    EXPECT_EQUAL(static_cast<int32_t>(d.get(flt(0) + EXMAX)) >> 8, -10);
}

TEST(so_many_equal_bits_are_a_short_circuit) {
    Guarded g;
    g.line.turn = 30;
    g.line.alternates = true;
    g.set(flt(0) + CR2, SCDIE);
    g.set(channel5 + AWSCDR, 1u << short_break_at | 100);
    g.set(channel5 + CFGR1, CHEN | clock_of_ckout | SCDEN);
    const Tick origin = g.scheduler.now();
    g.run_clock();
    g.run_to(origin + 130 * bit - 1);
    EXPECT(!g.interrupt());
    g.run_to(origin + 130 * bit);                            // ones from bit 30 on
    EXPECT(g.interrupt());
    EXPECT(g.is_broken(0));
    EXPECT_EQUAL(g.get(flt(0) + ISR) >> short_at, 1u << 5);
    g.set(flt(0) + ICR, SCDF);
    EXPECT(!g.interrupt());
    EXPECT(!g.is_broken(0));
    g.run_to(origin + 1000 * bit);
    EXPECT_EQUAL(g.get(flt(0) + ISR) >> short_at, 0);        // once for this run of ones
}

TEST(a_clock_is_absent_until_its_first_edge) {
    Guarded g;
    g.set(flt(0) + ICR, CKABF);
    EXPECT_EQUAL(g.get(flt(0) + ISR) & CKABF, CKABF);
    g.run_clock();
    g.run_for(bit);
    g.set(flt(0) + ICR, CKABF);
    EXPECT_EQUAL(g.get(flt(0) + ISR) & CKABF, CKABF & ~(0x24u << absent_at));    // channels 2 and 5 are on
    g.set(channel5 + CFGR1, CHEN | clock_of_ckout | CKABEN);
    g.set(flt(0) + CR2, CKABIE);
    EXPECT(!g.interrupt());                                  // the others have no CKABEN
    g.set(channel5 + CFGR1, clock_of_ckout | CKABEN);
    EXPECT(g.interrupt());
    EXPECT_EQUAL(g.get(flt(0) + ISR) >> (absent_at + 5) & 1, 1);
    EXPECT(g.recorder.warnings.empty());
    g.set(CFGR1, DFSDMEN | CKOUTSRC | 3 << ckout_divider_at);
    g.set(channel5 + CFGR1, CHEN | clock_of_ckout | CKABEN);
    EXPECT_EQUAL(g.recorder.warnings.size(), 1);
}

TEST(a_channel_without_its_pins_clock_is_absent) {
    Guarded g;
    g.set(channel5 + CFGR1, CHEN);                           // CKIN5, where nothing is
    g.run_clock();
    g.run_for(10 * bit);
    g.set(flt(0) + ICR, CKABF);
    EXPECT_EQUAL(g.get(flt(0) + ISR) >> (absent_at + 5) & 1, 1);
}

TEST(whoever_listens_to_a_microphone_hears_the_same_bits) {
    Digital alone, shared;
    const tinysim::Recording rise{.columns = 1, .values = {-9'000'000, 9'000'000}, .times = {0, second / 500}, .end = second};
    std::vector<int32_t> heard[3];
    for (Digital* d : {&alone, &shared}) {
        tinysim::PdmMicrophone microphone{d->construction("mic")};
        EXPECT(microphone.play(rise));
        d->dfsdm.pdm_sockets()->attach(3, *microphone.pdm_source());
        d->set(0x20 * 3 + CFGR1, CHEN | clock_of_ckout);
        d->set(0x20 * 3 + AWSCDR, 3u << watchdog_order_at | 31u << watchdog_oversampling_at | 200);
        for (unsigned n = 0; n < (d == &shared ? 2 : 1); ++n) {
            d->set(flt(n) + CR2, d == &shared ? 8u << watched_at : 0);
            d->set(flt(n) + FCR, n == 0 ? fcr(3, 37, 1) : fcr(3, 37, 2));
            d->set(flt(n) + CR1, DFEN | RCONT | FAST | 3u << regular_channel_at | tinysim::stm32::when(n == 1, AWFSEL));
            d->set(flt(n) + CR1, DFEN | RCONT | FAST | 3u << regular_channel_at | tinysim::stm32::when(n == 1, AWFSEL) | RSWSTART);
        }
        const Tick origin = d->scheduler.now();
        d->run_to(origin + 50 * bit);                        // within the first conversions
        if (d == &shared) d->set(0x20 * 3 + CFGR1, CHEN | clock_of_ckout | SCDEN);
        for (int i = 0; i < 40; ++i) {
            d->run_to(origin + (37 * (3 + i) + 3) * bit);
            heard[d == &shared].push_back(d->data());
            if (d == &shared && i % 2 == 1) heard[2].push_back(d->data(1));
        }
        d->dfsdm.reset();
    }
    EXPECT(heard[0] == heard[1]);
    EXPECT_EQUAL(heard[2].size(), 20);
    for (size_t i = 0; i < heard[2].size(); ++i) EXPECT_EQUAL(heard[2][i], heard[0][2 * i] + heard[0][2 * i + 1]);
}

TEST(the_conversion_timer_counts_the_blocks_clocks) {
    Digital d;
    d.start(fcr(3, 64, 1), RCONT | FAST);
    d.run_to((64 * 3 + 3) * bit);
    EXPECT_EQUAL(d.get(flt(0) + CNVTIMR) >> conversion_time_at, (64 * 3 + 3) * 4);
    d.run_to((64 * 4 + 3) * bit);
    EXPECT_EQUAL(d.get(flt(0) + CNVTIMR) >> conversion_time_at, 64 * 4);
}

int main(int count, char** names) { return bench::run(count, names); }
