// CLOCK and POWER on the bench: start-up times, status registers, what survives a reset, gaps.
#include "device_bench.h"
#include "soc/nrf/clock_power.h"

using namespace bench;

namespace {

constexpr Tick us = ticks_per_second / 1'000'000;
enum : uint32_t {
    HFCLKSTART = 0x000,
    HFCLKSTOP = 0x004,
    LFCLKSTART = 0x008,
    LFCLKSTOP = 0x00C,
    CAL = 0x010,
    CTSTART = 0x014,
    CTSTOP = 0x018,
    CONSTLAT = 0x078,
    LOWPWR = 0x07C,
    HFCLKSTARTED = 0x100,
    LFCLKSTARTED = 0x104,
    DONE = 0x10C,
    CTTO = 0x110,
    SLEEPENTER = 0x114,
    SLEEPEXIT = 0x118,
    CTSTARTED = 0x128,
    INTENSET = 0x304,
    RESETREAS = 0x400,
    HFCLKRUN = 0x408,
    HFCLKSTAT = 0x40C,
    LFCLKRUN = 0x414,
    LFCLKSTAT = 0x418,
    LFCLKSRCCOPY = 0x41C,
    SYSTEMOFF = 0x500,
    LFCLKSRC = 0x518,
    GPREGRET = 0x51C,
    HFXODEBOUNCE = 0x528,
    CTIV = 0x538,
    RAM0_POWER = 0x900,
    RAM0_POWERCLR = 0x908,
    RAM8_POWER = 0x980,
    RAM8_POWERSET = 0x984
};
constexpr uint32_t RUNNING = 1u << 16, CRYSTAL = 1;

struct Chip : NoRequests {
    int times_off = 0;
    void system_off() override { ++times_off; }
};

struct Clock : Bench {
    Chip chip;
    tinysim::nrf::NrfClockPower clock{make()};

    tinysim::Construction make() {
        return {.name = "clock",
                .address = 0x40000000,
                .scheduler = scheduler,
                .recorder = recorder,
                .dma = ram,
                .system = chip,
                .fabric = fabric};
    }
    uint32_t get(uint32_t offset) { return clock.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { clock.write(offset, value, 4); }
    void reset(uint32_t cause) {
        clock.note_reset(cause);
        clock.reset();
    }
};

}  // namespace

TEST(hfclkstarted_comes_and_interrupts_after_the_crystals_start_up_time) {
    Clock t;
    EXPECT_EQUAL(t.get(HFCLKSTAT), RUNNING);
    t.set(INTENSET, 1);
    t.set(HFCLKSTART, 1);
    EXPECT_EQUAL(t.get(HFCLKRUN), 1);
    t.run_to(360 * us - 1);
    EXPECT_EQUAL(t.get(HFCLKSTARTED), 0);
    t.run_to(360 * us);
    EXPECT_EQUAL(t.get(HFCLKSTARTED), 1);
    EXPECT_EQUAL(t.get(HFCLKSTAT), RUNNING | CRYSTAL);
    EXPECT(t.clock.output("IRQ")->level());
    t.set(HFCLKSTOP, 1);
    EXPECT_EQUAL(t.get(HFCLKSTAT), RUNNING);
}

TEST(a_longer_debounce_delays_the_crystal_by_16_us_per_step) {
    Clock t;
    t.set(HFXODEBOUNCE, 0x40);
    t.set(HFCLKSTART, 1);
    t.run_to((360 + 48 * 16) * us - 1);
    EXPECT_EQUAL(t.get(HFCLKSTARTED), 0);
    t.run_to((360 + 48 * 16) * us);
    EXPECT_EQUAL(t.get(HFCLKSTARTED), 1);
}

TEST(the_rc_oscillator_serves_while_the_32_khz_crystal_starts) {
    Clock t;
    t.set(LFCLKSRC, 1);
    t.set(LFCLKSTART, 1);
    EXPECT_EQUAL(t.get(LFCLKSTAT), 0);
    t.run_to(600 * us);
    EXPECT_EQUAL(t.get(LFCLKSTAT), RUNNING);
    t.set(LFCLKSTART, 1);  // asked again: the crystal does not begin anew
    t.run_to(250'000 * us - 1);
    EXPECT_EQUAL(t.get(LFCLKSTARTED), 0);
    t.run_to(250'000 * us);
    EXPECT_EQUAL(t.get(LFCLKSTARTED), 1);
    EXPECT_EQUAL(t.get(LFCLKSTAT), RUNNING | CRYSTAL);
    EXPECT_EQUAL(t.get(LFCLKSRCCOPY), 1);
    EXPECT_EQUAL(t.get(LFCLKRUN), 1);
    t.set(LFCLKSTOP, 1);
    EXPECT_EQUAL(t.get(LFCLKSTAT), 0);
    EXPECT_EQUAL(t.get(LFCLKRUN), 0);
}

TEST(calibration_needs_the_rc_oscillator_and_the_crystal) {
    Clock t;
    t.set(CAL, 1);
    t.run_for(100'000 * us);
    EXPECT_EQUAL(t.get(DONE), 0);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
    t.set(LFCLKSTART, 1);
    t.set(HFCLKSTART, 1);
    t.run_for(600 * us);
    t.set(CAL, 1);
    t.run_for(16'000 * us);
    EXPECT_EQUAL(t.get(DONE), 1);
}

TEST(the_calibration_timer_counts_quarters_of_a_second) {
    Clock t;
    t.set(CTIV, 4);
    t.set(CTSTART, 1);
    EXPECT_EQUAL(t.get(CTSTARTED), 1);
    t.run_to(1'000'000 * us - 1);
    EXPECT_EQUAL(t.get(CTTO), 0);
    t.run_to(1'000'000 * us);
    EXPECT_EQUAL(t.get(CTTO), 1);
}

TEST(a_soft_reset_keeps_gpregret_and_adds_its_cause) {
    Clock t;
    t.set(GPREGRET, 0x1AB);
    t.set(LFCLKSRC, 1);
    t.reset(0);
    EXPECT_EQUAL(t.get(GPREGRET), 0xAB);
    EXPECT_EQUAL(t.get(LFCLKSRC), 0);
    EXPECT_EQUAL(t.get(RESETREAS), 1 << 2);
    t.reset(1 << 1);
    EXPECT_EQUAL(t.get(GPREGRET), 0);
    EXPECT_EQUAL(t.get(RESETREAS), 1 << 2 | 1 << 1);
    t.set(RESETREAS, 1 << 2);
    EXPECT_EQUAL(t.get(RESETREAS), 1 << 1);
}

TEST(ram_power_is_set_and_cleared_by_its_own_registers) {
    Clock t;
    t.set(RAM0_POWERCLR, 1);
    t.set(RAM8_POWERSET, 0x10000);
    EXPECT_EQUAL(t.get(RAM0_POWER), 0xFFFE);
    EXPECT_EQUAL(t.get(RAM8_POWER), 0x1FFFF);
}

TEST(system_off_is_asked_of_the_machine) {
    Clock t;
    t.set(SYSTEMOFF, 1);
    EXPECT_EQUAL(t.chip.times_off, 1);
}

TEST(undocumented_addresses_read_zero_and_are_gaps) {
    Clock t;
    for (uint32_t offset : {0x53Cu, 0xEE4u}) {
        t.set(offset, 0xFFFFFFFF);
        EXPECT(t.clock.take_gap());
        EXPECT_EQUAL(t.get(offset), 0);
        EXPECT(t.clock.take_gap());
    }
    t.get(RESETREAS);
    EXPECT(!t.clock.take_gap());
}

TEST(sleep_events_are_a_gap_until_the_cpus_sleep_is_connected) {
    Clock t;
    t.set(INTENSET, 1 << 5);
    EXPECT(t.clock.take_gap());
    auto sleeps = *t.clock.input(0);
    sleeps(true);
    EXPECT_EQUAL(t.get(SLEEPENTER), 1);
    EXPECT_EQUAL(t.get(SLEEPEXIT), 0);
    sleeps(false);
    EXPECT_EQUAL(t.get(SLEEPEXIT), 1);
}

TEST(constant_latency_is_a_line_for_the_wake_up_time) {
    Clock t;
    t.set(CONSTLAT, 1);
    EXPECT(t.clock.output("CONSTLAT")->level());
    t.set(LOWPWR, 1);
    EXPECT(!t.clock.output("CONSTLAT")->level());
}

int main(int count, char** names) { return run(count, names); }
