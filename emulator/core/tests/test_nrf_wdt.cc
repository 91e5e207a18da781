// The watchdog on the bench: time-out, requests, locks, which resets it outlives, sleep.
#include "device_bench.h"
#include "soc/nrf/wdt.h"

using namespace bench;

namespace {

constexpr Tick lfclk = ticks_per_second / 32'768;
constexpr uint32_t KEY = 0x6E524635, DOG = 1 << 1;
enum : uint32_t {
    START = 0x000,
    TIMEOUT = 0x100,
    INTENSET = 0x304,
    RUNSTATUS = 0x400,
    REQSTATUS = 0x404,
    CRV = 0x504,
    RREN = 0x508,
    CONFIG = 0x50C,
    RR0 = 0x600,
    RR1 = 0x604
};

struct Chip : NoRequests {
    int resets = 0;
    uint32_t cause = 0;
    void reset_system(uint32_t why) override {
        ++resets;
        cause = why;
    }
};

struct Watchdog : Bench {
    Chip chip;
    tinysim::nrf::Wdt wdt{make()};

    tinysim::Construction make() {
        return {.name = "wdt",
                .address = 0x40010000,
                .scheduler = scheduler,
                .recorder = recorder,
                .dma = ram,
                .system = chip,
                .fabric = fabric};
    }
    uint32_t get(uint32_t offset) { return wdt.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { wdt.write(offset, value, 4); }
};

}  // namespace

TEST(without_an_interrupt_the_reset_comes_at_the_time_out) {
    Watchdog t;
    t.set(CRV, 32'767);
    t.set(START, 1);
    t.run_to(32'768 * lfclk - 1);
    EXPECT_EQUAL(t.chip.resets, 0);
    t.run_to(32'768 * lfclk);
    EXPECT_EQUAL(t.chip.resets, 1);
    EXPECT_EQUAL(t.chip.cause, DOG);
}

TEST(with_an_interrupt_it_comes_two_lfclk_cycles_later) {
    Watchdog t;
    t.set(CRV, 99);
    t.set(INTENSET, 1);
    t.set(START, 1);
    t.run_to(100 * lfclk);
    EXPECT_EQUAL(t.get(TIMEOUT), 1);
    EXPECT(t.wdt.output("IRQ")->level());
    t.set(RR0, KEY);  // too late
    t.run_to(102 * lfclk - 1);
    EXPECT_EQUAL(t.chip.resets, 0);
    t.run_to(102 * lfclk);
    EXPECT_EQUAL(t.chip.resets, 1);
}

TEST(all_enabled_requests_reload_it) {
    Watchdog t;
    t.set(CRV, 99);
    t.set(RREN, 3);
    t.set(START, 1);
    t.run_to(50 * lfclk);
    EXPECT_EQUAL(t.get(REQSTATUS), 3);
    t.set(RR0, KEY);
    EXPECT_EQUAL(t.get(REQSTATUS), 2);
    t.set(RR1, KEY + 1);
    EXPECT_EQUAL(t.get(REQSTATUS), 2);
    t.set(RR1, KEY);
    EXPECT_EQUAL(t.get(REQSTATUS), 3);
    t.run_to(150 * lfclk - 1);
    EXPECT_EQUAL(t.chip.resets, 0);
    t.run_to(150 * lfclk);
    EXPECT_EQUAL(t.chip.resets, 1);
}

TEST(a_started_watchdog_locks_its_configuration) {
    Watchdog t;
    t.set(CRV, 99);
    t.set(START, 1);
    t.set(CRV, 5);
    t.set(RREN, 0);
    t.set(CONFIG, 0);
    EXPECT_EQUAL(t.get(RUNSTATUS), 1);
    EXPECT_EQUAL(t.get(CRV), 99);
    EXPECT_EQUAL(t.get(RREN), 1);
    EXPECT_EQUAL(t.get(CONFIG), 1);
}

TEST(it_outlives_a_soft_reset_and_not_its_own) {
    Watchdog t;
    t.set(CRV, 99);
    t.set(START, 1);
    t.run_to(50 * lfclk);
    t.wdt.note_reset(0);
    t.wdt.reset();
    EXPECT_EQUAL(t.get(RUNSTATUS), 1);
    t.run_to(100 * lfclk);
    EXPECT_EQUAL(t.chip.resets, 1);
    t.wdt.note_reset(DOG);
    t.wdt.reset();
    EXPECT_EQUAL(t.get(RUNSTATUS), 0);
    EXPECT_EQUAL(t.get(CRV), 0xFFFFFFFF);
}

TEST(it_stands_still_in_sleep_if_config_says_so) {
    Watchdog t;
    auto sleeps = *t.wdt.input(0);
    t.set(CRV, 99);
    t.set(CONFIG, 0);
    t.set(START, 1);
    EXPECT(!t.wdt.take_gap());
    t.run_to(50 * lfclk);
    sleeps(true);
    t.run_to(5000 * lfclk);
    sleeps(false);
    t.run_to(5050 * lfclk - 1);
    EXPECT_EQUAL(t.chip.resets, 0);
    t.run_to(5050 * lfclk);
    EXPECT_EQUAL(t.chip.resets, 1);
}

TEST(pausing_in_sleep_is_a_gap_while_the_cpus_sleep_is_not_connected) {
    Watchdog t;
    t.set(CONFIG, 0);
    t.set(START, 1);
    EXPECT(t.wdt.take_gap());
}

int main(int count, char** names) { return run(count, names); }
