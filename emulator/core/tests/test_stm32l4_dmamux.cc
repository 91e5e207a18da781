// DMAMUX of the STM32L4+ on the bench: synchronisation, events, request generators, overruns (RM0432 12.4).
#include "soc/stm32/dmamux.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {
constexpr uint32_t status = 0x80, clear = 0x84, RG0CR = 0x100, generated_status = 0x140, generated_clear = 0x144;
constexpr uint32_t rising = 1u << 17, falling = 2u << 17, SE = 1u << 16, EGE = 1u << 9, SOIE = 1u << 8, GE = 1u << 16, OIE = 1u << 8;
constexpr uint32_t request = 34, signal = 20;
constexpr uint32_t nbreq(uint32_t more) { return more << 19; }
constexpr uint32_t sync(uint32_t number) { return number << 24; }

struct Mux : Chip {
    tinysim::stm32::Dmamux mux{construction("dmamux")};
    int requests = 0, events = 0;
    Mux() {
        mux.output("3")->connect([this](bool level) { requests += level ? 1 : 0; });
        mux.output("Event3")->connect([this](bool level) { events += level ? 1 : 0; });
    }
    uint32_t get(uint32_t offset) { return mux.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { mux.write(offset, value, 4); }
    void put(unsigned input, bool level) { (*mux.input(input))(level); }
    void pulse(unsigned input) {
        put(input, true);
        put(input, false);
    }
    void trigger() { pulse(160 + signal); }
    void serve() { pulse(192 + 3); }
    bool asks() { return mux.output("3")->level(); }
};
}  // namespace

TEST(a_synchronised_request_waits_for_its_edge) {
    Mux m;
    m.set(0x0C, request | SE | sync(signal) | falling);
    m.trigger();                                    // nothing waits: lost
    m.put(request, true);
    EXPECT(!m.asks());
    m.put(160 + signal, true);
    EXPECT(!m.asks());
    m.pulse(160 + signal + 1);
    EXPECT(!m.asks());
    m.put(160 + signal, false);
    EXPECT(m.asks());
    m.put(request, false);
    m.put(request, true);
    EXPECT(!m.asks());                              // one request an event
    EXPECT_EQUAL(m.get(status), 0);
}

TEST(a_request_that_was_a_pulse_waits_too) {
    Mux m;
    m.set(0x0C, request | SE | sync(signal) | rising | nbreq(1));
    m.pulse(request);
    m.pulse(request);
    EXPECT_EQUAL(m.requests, 0);
    m.trigger();
    EXPECT_EQUAL(m.requests, 1);
    m.pulse(request);
    m.pulse(request);
    EXPECT_EQUAL(m.requests, 2);
    m.set(0x0C, request);
    m.pulse(request);
    EXPECT_EQUAL(m.requests, 3);
    Mux taken_back;
    taken_back.set(0x0C, request | SE | sync(signal) | rising);
    taken_back.put(request, true);
    taken_back.run_for(1);
    taken_back.put(request, false);
    taken_back.trigger();
    EXPECT_EQUAL(taken_back.requests, 0);
}

TEST(nbreq_lets_a_row_through_and_its_end_is_an_event) {
    Mux m;
    m.set(0x0C, request | SE | EGE | sync(signal) | rising | nbreq(3));
    m.put(request, true);
    m.trigger();
    for (int i = 0; i < 6; ++i) {
        m.put(request, false);
        m.put(request, true);
    }
    EXPECT_EQUAL(m.requests, 4);
    EXPECT_EQUAL(m.events, 1);
    m.trigger();
    EXPECT_EQUAL(m.requests, 5);
}

TEST(events_come_without_synchronisation_too) {
    Mux m;
    m.set(0x0C, request | EGE | nbreq(1));
    for (int i = 0; i < 5; ++i) m.pulse(request);
    EXPECT_EQUAL(m.requests, 5);
    EXPECT_EQUAL(m.events, 2);
}

TEST(an_event_within_a_row_is_an_overrun) {
    Mux m;
    m.set(0x0C, request | SE | SOIE | sync(signal) | rising);
    m.put(request, true);
    m.trigger();
    m.trigger();
    EXPECT_EQUAL(m.get(status), 1 << 3);
    EXPECT(m.mux.output("IRQ")->level());
    EXPECT_EQUAL(m.recorder.warnings.size(), 1);
    m.set(clear, 1 << 3);
    EXPECT_EQUAL(m.get(status), 0);
    EXPECT(!m.mux.output("IRQ")->level());
    m.set(0x0C, request);                           // SE cleared: straight through
    m.put(request, false);
    m.put(request, true);
    EXPECT(m.asks());
}

TEST(nbreq_is_locked_while_it_counts) {
    Mux m;
    m.set(0x0C, request | EGE | nbreq(1));
    m.set(0x0C, request | EGE | nbreq(2));
    EXPECT_EQUAL(m.get(0x0C), request | EGE | nbreq(1));
    EXPECT_EQUAL(m.recorder.warnings.size(), 1);
    m.set(0x0C, request);
    m.set(0x0C, request | EGE | nbreq(2));
    EXPECT_EQUAL(m.get(0x0C), request | EGE | nbreq(2));
}

TEST(a_dma_that_acknowledges_counts_requests_that_stay) {
    Mux m;
    m.mux.input(192 + 3);
    m.set(0x0C, request | SE | EGE | sync(signal) | rising | nbreq(1));
    m.put(request, true);
    m.trigger();
    m.serve();
    EXPECT(m.asks());
    m.serve();
    EXPECT(!m.asks());
    EXPECT_EQUAL(m.events, 1);
}

TEST(a_generator_makes_requests_until_they_are_served) {
    Mux m;
    m.mux.input(192 + 3);
    m.set(0x0C, 2);                                 // generator 1
    m.set(RG0CR + 4, signal | GE | OIE | rising | nbreq(2));
    EXPECT(!m.mux.take_gap());
    m.put(160 + signal, true);
    for (int i = 0; i < 3; ++i) {
        EXPECT(m.asks());
        m.serve();
    }
    EXPECT(!m.asks());
    m.put(160 + signal, false);
    m.trigger();
    m.trigger();
    EXPECT_EQUAL(m.get(generated_status), 2);
    EXPECT(m.mux.output("IRQ")->level());
    m.set(generated_clear, 2);
    EXPECT_EQUAL(m.get(generated_status), 0);
    EXPECT(!m.mux.output("IRQ")->level());
    m.set(RG0CR + 4, signal | rising | nbreq(2));
    EXPECT(!m.asks());
}

TEST(without_acknowledges_a_generator_makes_one_and_more_are_a_gap) {
    Mux m;
    m.set(0x0C, 1);
    m.set(RG0CR, signal | GE | rising);
    m.trigger();
    m.trigger();
    EXPECT_EQUAL(m.requests, 2);
    EXPECT_EQUAL(m.get(generated_status), 0);
    EXPECT(!m.mux.take_gap());
    m.set(RG0CR, 0);
    m.set(RG0CR, signal | GE | rising | nbreq(1));
    EXPECT(m.mux.take_gap());
}

TEST(a_channels_event_can_trigger_a_generator) {
    Mux m;
    m.mux.output("Event3")->connect(*m.mux.input(160 + 19));
    int made = 0;
    m.mux.output("5")->connect([&](bool level) { made += level ? 1 : 0; });
    m.set(0x14, 4);
    m.set(RG0CR + 12, 19 | GE | rising);
    m.set(0x0C, request | EGE | nbreq(1));
    for (int i = 0; i < 4; ++i) m.pulse(request);
    EXPECT_EQUAL(made, 2);
}

int main(int count, char** names) { return run(count, names); }
