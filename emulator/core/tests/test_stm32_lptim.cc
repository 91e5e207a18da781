// LPTIM of the STM32L4 on the bench.
#include "soc/stm32/lptim.h"
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32l4;

namespace {

enum Lp : uint32_t { ISR = 0x00, ICR = 0x04, IER = 0x08, LP_CFGR = 0x0C, LP_CR = 0x10, CMP = 0x14, ARR = 0x18, CNT = 0x1C, LP_OR = 0x20 };
constexpr uint32_t cmpm = 1, arrm = 2, exttrig = 4, cmpok = 8, arrok = 16, up = 32, down = 64;
constexpr Tick lsi = second / 32'000, at_pclk = at_4_mhz;

struct Lptimed : L4Chip {
    tinysim::stm32::Lptim timer{construction("lptim1", {{"gate", 0x581F}, {"clockSelection", 18}, {"encoder", 1}}, {{"rcc", &rcc}})};
    explicit Lptimed(uint32_t clock = 1) {
        rcc_set(APB1ENR1, 1u << 31);
        rcc_set(CSR, 1);
        run_for(1000 * microsecond);
        rcc_set(CCIPR, clock << 18);
    }
    uint32_t get(uint32_t offset) { return timer.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { timer.write(offset, value, 4); }
    void prepare(uint32_t cfgr, uint32_t reload, uint32_t compare) {
        set(LP_CFGR, cfgr);
        set(LP_CR, 1);
        set(ARR, reload);
        set(CMP, compare);
        run_for(8 * lsi);
    }
};

}  // namespace

TEST(a_write_is_done_after_clocks_of_bus_and_kernel) {
    Lptimed l;
    l.set(LP_CR, 1);
    l.set(ARR, 99);
    const Tick done = l.scheduler.now() + 4 * at_pclk + 3 * lsi;
    l.run_to(done - 1);
    EXPECT_EQUAL(l.get(ISR), 0);
    l.run_to(done);
    EXPECT_EQUAL(l.get(ISR), arrok);
    l.set(ICR, arrok);
    EXPECT_EQUAL(l.get(ISR), 0);
}

TEST(it_counts_lsi_and_matches) {
    Lptimed l;
    l.set(IER, arrm);
    l.prepare(0, 99, 50);
    EXPECT_EQUAL(l.get(ISR), arrok | cmpok);
    const Tick start = l.scheduler.now();
    l.set(LP_CR, 5);
    l.run_to(start + 50 * lsi - 1);
    EXPECT_EQUAL(l.get(ISR) & 3, 0);
    l.run_to(start + 50 * lsi);
    EXPECT_EQUAL(l.get(ISR) & 3, cmpm);
    EXPECT_EQUAL(l.get(CNT), 50);
    l.run_to(start + 99 * lsi);
    EXPECT_EQUAL(l.get(ISR) & 3, cmpm | arrm);
    EXPECT(l.timer.output("IRQ")->level());
    l.run_to(start + 1003 * lsi);
    EXPECT_EQUAL(l.get(CNT), 3);
}

TEST(single_mode_ends_after_one_period) {
    Lptimed l;
    l.prepare(2u << 9, 9, 5);      // prescaler 4
    l.set(LP_CR, 3);
    l.run_for(100 * lsi);
    EXPECT_EQUAL(l.get(CNT), 0);
    EXPECT_EQUAL(l.get(ISR) & 3, 3);
    EXPECT_EQUAL(l.scheduler.events().size(), 0);
    l.set(LP_CR, 3);
    l.run_for(13 * lsi);
    EXPECT_EQUAL(l.get(CNT), 3);
}

TEST(a_preloaded_reload_value_waits_for_the_end_of_the_period) {
    Lptimed l;
    l.prepare(1u << 22, 99, 50);
    l.set(LP_CR, 5);
    l.run_for(10 * lsi);
    l.set(ARR, 19);
    l.run_for(45 * lsi);
    EXPECT_EQUAL(l.get(CNT), 55);
    l.run_for(70 * lsi);
    EXPECT_EQUAL(l.get(CNT), 5);
}

TEST(the_output_is_high_beyond_the_compare_value) {
    Lptimed l;
    std::vector<long long> edges;
    l.prepare(0, 9, 4);
    const Tick start = l.scheduler.now();
    l.timer.output("Out")->connect([&](bool level) { edges.push_back((level ? 1 : -1) * (l.scheduler.moment() - start) / lsi); });
    l.set(LP_CR, 5);
    l.run_for(22 * lsi);
    EXPECT_EQUAL(edges.size(), 4);
    EXPECT_EQUAL(edges[0], 5);
    EXPECT_EQUAL(edges[1], -10);
    EXPECT_EQUAL(edges[2], 15);
}

TEST(a_trigger_starts_and_time_out_begins_again) {
    Lptimed l;
    const auto trigger = *l.timer.input(3);
    l.prepare(1u << 19 | 1u << 17 | 3u << 13, 99, 20);
    l.set(LP_CR, 5);
    l.run_for(10 * lsi);
    EXPECT_EQUAL(l.get(CNT), 0);
    for (int i = 0; i < 5; ++i) {
        trigger(true);
        trigger(false);
        l.run_for(15 * lsi);
    }
    EXPECT_EQUAL(l.get(CNT), 15);
    EXPECT_EQUAL(l.get(ISR) & (exttrig | cmpm), exttrig);
    l.run_for(5 * lsi);
    EXPECT_EQUAL(l.get(ISR) & cmpm, cmpm);
}

TEST(an_external_clock_counts_edges) {
    Lptimed l;
    const auto in1 = *l.timer.input(8);
    l.prepare(1, 9, 4);
    l.set(LP_CR, 5);
    for (int i = 0; i < 12; ++i) {
        in1(true);
        in1(false);
    }
    EXPECT_EQUAL(l.get(CNT), 2);
    EXPECT_EQUAL(l.get(ISR) & 3, 3);
}

TEST(what_is_written_without_the_clock_is_transferred_when_it_comes) {
    Lptimed l;
    l.rcc_set(CSR, 0);
    l.run_for(1000 * microsecond);
    l.set(LP_CR, 1);
    l.set(ARR, 99);
    l.set(CMP, 10);
    l.run_for(100'000 * microsecond);
    EXPECT_EQUAL(l.get(ISR), 0);
    l.rcc_set(CSR, 1);
    while ((l.rcc_get(CSR) & 2) == 0) l.run_for(microsecond);
    l.run_for(2 * lsi);
    EXPECT_EQUAL(l.get(ISR), 0);
    l.run_for(2 * lsi);
    EXPECT_EQUAL(l.get(ISR), arrok | cmpok);
    l.set(ICR, arrok | cmpok);
    l.set(ARR, 50);
    l.rcc_set(CSR, 0);                          // while it is under way
    l.run_for(1000 * microsecond);
    EXPECT_EQUAL(l.get(ISR), 0);
    l.rcc_set(CSR, 1);
    l.run_for(1000 * microsecond);
    EXPECT_EQUAL(l.get(ISR), arrok);
}

TEST(an_encoder_counts_both_ways_and_tells_its_turns) {
    Lptimed l(0);
    l.prepare(1u << 24 | 2 << 1, 9, 5);
    l.set(LP_CR, 5);
    const std::function<void(bool)> pins[] = {*l.timer.input(8), *l.timer.input(9)};
    bool levels[2] = {};
    const auto turn = [&](unsigned first, int edges) {      // pin `first` changes first
        for (int i = 0; i < edges; ++i) {
            const unsigned pin = (first + static_cast<unsigned>(i)) & 1;
            pins[pin](levels[pin] = !levels[pin]);
        }
    };
    turn(0, 8);                                 // IN1 ahead of IN2: up
    EXPECT_EQUAL(l.get(CNT), 8);
    EXPECT_EQUAL(l.get(ISR) & (up | down | cmpm), cmpm);
    turn(1, 12);
    EXPECT_EQUAL(l.get(CNT), 6);                // down through 0 and on from ARR
    EXPECT_EQUAL(l.get(ISR) & (up | down), down);
    l.set(ICR, down);
    turn(0, 4);
    EXPECT_EQUAL(l.get(CNT), 0);
    EXPECT_EQUAL(l.get(ISR) & (up | down), up);
    EXPECT(!l.timer.take_gap());
}

// Both pins rise, then both fall, IN1 first: IN1's edges at IN2 low and high, IN2's at IN1 high and low (RM0351 table 164).
TEST(an_encoder_counts_the_edges_of_ckpol) {
    constexpr int counts[2][4] = {{1, 2, 2, 2}, {0, 0, 1, 2}};
    for (const uint32_t polarity : {0u, 1u}) {
        Lptimed l(0);
        l.prepare(1u << 24 | polarity << 1, 99, 5);
        l.set(LP_CR, 5);
        for (unsigned i = 0; i < 4; ++i) {
            (*l.timer.input(8 + (i & 1)))(i < 2);
            EXPECT_EQUAL(l.get(CNT), counts[polarity][i]);
        }
    }
}

TEST(or_leads_comparators_to_the_inputs) {
    Lptimed l;
    const std::function<void(bool)> pin = *l.timer.input(8), comparator = *l.timer.input(10);
    l.prepare(1, 99, 50);
    l.set(LP_OR, 1);
    l.set(LP_CR, 5);
    pin(true);
    EXPECT_EQUAL(l.get(CNT), 0);
    comparator(true);
    EXPECT_EQUAL(l.get(CNT), 1);
    EXPECT(!l.timer.take_gap());
    tinysim::stm32::Lptim second_timer{l.construction("lptim2", {{"gate", 0x581F}, {"clockSelection", 18}}, {{"rcc", &l.rcc}})};
    second_timer.write(LP_CFGR, 1, 4);
    second_timer.write(LP_OR, 3, 4);
    second_timer.write(LP_CR, 1, 4);
    second_timer.write(ARR, 99, 4);
    l.run_for(8 * lsi);
    second_timer.write(LP_CR, 5, 4);
    const std::function<void(bool)> one = *second_timer.input(10), two = *second_timer.input(11);
    one(true);
    two(true);                                  // either: it stays high
    EXPECT_EQUAL(second_timer.read(CNT, 4), 1);
    one(false);
    two(false);
    two(true);
    EXPECT_EQUAL(second_timer.read(CNT, 4), 2);
    second_timer.write(LP_CR, 0, 4);
    second_timer.write(LP_CFGR, 1u << 24, 4);
    EXPECT(second_timer.take_gap());
}

int main(int count, char** names) { return run(count, names); }
