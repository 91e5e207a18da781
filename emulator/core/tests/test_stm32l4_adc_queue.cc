// The queue of contexts of the STM32L4's JSQR on the bench (RM0351 18.4.21): what acts when, overflow, flushes, JQM.
#include "stm32l4_adc_bench.h"

using namespace bench;
using namespace bench::stm32l4;

namespace {

constexpr uint32_t rising = 1 << 6, trigger = 5;
constexpr uint32_t context(uint32_t channel) { return trigger << 2 | rising | channel << 8; }
constexpr uint32_t pair(uint32_t one, uint32_t two) { return context(one) | two << 14 | 1; }

struct Queue : Analog {
    explicit Queue(uint32_t cfgr = 0) {
        go(adc1);
        set(r::CFGR, cfgr);
    }
    void pulse() {
        (*adc1.input(16 + trigger))(true);
        (*adc1.input(16 + trigger))(false);
    }
    // The first result of the sequence that a trigger starts now; 0: none.
    uint32_t convert(unsigned length = 1) {
        set(r::ISR, r::JEOC | r::JEOS);
        pulse();
        run_for(3 * cycle + length * one + cycle);
        return (flags() & r::JEOS) != 0 ? get(r::JDR1) : 0;
    }
};

}  // namespace

TEST(the_first_context_acts_at_once_and_the_next_behind_its_sequence) {
    Queue q;
    q.set(r::JSQR, pair(1, 2));
    EXPECT_EQUAL(q.get(r::JSQR), pair(1, 2));
    q.start(r::JADSTART);
    q.set(r::JSQR, context(3));
    EXPECT_EQUAL(q.get(r::JSQR), pair(1, 2));
    EXPECT_EQUAL(q.convert(2), code(1000));
    EXPECT_EQUAL(q.get(r::JDR1 + 4), code(2000));
    EXPECT_EQUAL(q.get(r::JSQR), context(3));
    EXPECT_EQUAL(q.convert(), code(3000));
    EXPECT_EQUAL(q.convert(), code(3000));                  // JQM 0: the last one stays
    EXPECT_EQUAL(q.get(r::CR) & r::JADSTART, r::JADSTART);
}

TEST(a_context_that_was_served_gives_way_at_once) {
    Queue q;
    q.set(r::JSQR, context(1));
    q.start(r::JADSTART);
    q.convert();
    q.set(r::JSQR, context(2));
    EXPECT_EQUAL(q.get(r::JSQR), context(2));
    q.pulse();
    q.set(r::JSQR, context(3));                             // while it converts: the next one
    EXPECT_EQUAL(q.get(r::JSQR), context(2));
    q.run_for(20 * cycle);
    EXPECT_EQUAL(q.get(r::JDR1), code(2000));
    EXPECT_EQUAL(q.get(r::JSQR), context(3));
}

TEST(a_third_context_is_lost_with_jqovf) {
    Queue q;
    q.set(r::IER, r::JQOVF);
    for (const uint32_t channel : {1u, 2u, 3u}) q.set(r::JSQR, context(channel));
    EXPECT_EQUAL(q.flags() & r::JQOVF, r::JQOVF);
    EXPECT(q.adc1.output("IRQ")->level());
    EXPECT_EQUAL(q.recorder.warnings.size(), 1);
    q.set(r::ISR, r::JQOVF);
    EXPECT(!q.adc1.output("IRQ")->level());
    q.start(r::JADSTART);
    EXPECT_EQUAL(q.convert(), code(1000));
    EXPECT_EQUAL(q.convert(), code(2000));
    EXPECT_EQUAL(q.convert(), code(2000));
}

TEST(with_jqm_an_empty_queue_ignores_triggers) {
    Queue q(r::JQM);
    q.set(r::JSQR, context(1));
    q.start(r::JADSTART);
    EXPECT_EQUAL(q.convert(), code(1000));
    EXPECT_EQUAL(q.get(r::JSQR), 0);
    EXPECT_EQUAL(q.convert(), 0);
    q.set(r::JSQR, context(2));
    EXPECT_EQUAL(q.convert(), code(2000));
}

TEST(before_the_first_write_nothing_is_converted) {
    Queue q;
    q.start(r::JADSTART);
    q.run_for(40 * cycle);
    EXPECT_EQUAL(q.flags(), 0);
}

TEST(jadstp_flushes_what_is_behind_the_last_context) {
    for (const uint32_t jqm : {0u, uint32_t{r::JQM}}) {
        Queue q(jqm);
        q.set(r::JSQR, context(1));
        q.set(r::JSQR, context(2));
        q.start(r::JADSTART);
        q.pulse();
        q.set(r::CR, is_on | r::JADSTP);
        EXPECT_EQUAL(q.get(r::JSQR), jqm == 0 ? context(1) : 0);
        q.set(r::JSQR, context(3));
        q.start(r::JADSTART);
        EXPECT_EQUAL(q.convert(), jqm == 0 ? code(1000) : code(3000));
        EXPECT_EQUAL(q.convert(), jqm == 0 ? code(3000) : 0);
    }
}

TEST(software_starts_take_one_context_each) {
    Queue q;
    q.set(r::JSQR, 1 << 8);
    q.set(r::JSQR, 2 << 8);
    for (const uint32_t millivolts : {1000u, 2000u}) {
        q.start(r::JADSTART);
        q.run_for(20 * cycle);
        EXPECT_EQUAL(q.get(r::JDR1), code(millivolts));
        EXPECT_EQUAL(q.get(r::CR), is_on);
    }
}

TEST(jqdis_empties_the_queue_and_makes_jsqr_a_plain_register) {
    Queue q;
    q.set(r::JSQR, context(1));
    q.set(r::CFGR, r::JQDIS);
    EXPECT_EQUAL(q.get(r::JSQR), 0);
    for (const uint32_t channel : {1u, 2u, 3u}) q.set(r::JSQR, context(channel));
    EXPECT_EQUAL(q.get(r::JSQR), context(3));
    EXPECT_EQUAL(q.flags() & r::JQOVF, 0);
}

int main(int count, char** names) { return run(count, names); }
