// What sleeps and what bites on the bench: PWR with RCC in Stop and Standby, window watchdog, IWDG's updates, RNG.
#include "soc/stm32/exti.h"
#include "soc/stm32/iwdg.h"
#include "soc/stm32/pwr.h"
#include "soc/stm32/rng.h"
#include "soc/stm32/wwdg.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;
namespace soc = tinysim::stm32;

namespace {

constexpr uint32_t PDDS = 1u << 1, CWUF = 1u << 2, CSBF = 1u << 3, WUF = 1, SBF = 2, EWUP = 1u << 8;
enum Power : uint32_t { PWR_CR = 0x00, PWR_CSR = 0x04 };

struct Sleeping : Requests {
    void set_wake_latency(Tick ticks) override { latency = ticks; }
    void cut_core_supply(uint32_t because, std::string_view) override { ++cuts, cut_cause = because; }
    void send_event() override { ++events; }
    Tick latency = 0;
    int cuts = 0, events = 0;
    uint32_t cut_cause = 0;
};

struct PowerChip : ClockedChip {
    Sleeping sleeping;
    soc::Pwr pwr;
    PowerChip() : pwr(make()) {
        rcc_set(APB1ENR, 1u << 28);
        pwr.reset();
    }
    tinysim::Construction make() {
        return {.name = "pwr", .numbers = {{"gate", 0x401C}}, .scheduler = scheduler, .recorder = recorder, .dma = ram,
                .system = sleeping, .fabric = fabric, .nodes = {{"rcc", &rcc}}};
    }
    void reset_by(uint32_t cause) {
        pwr.note_reset(cause);
        pwr.reset();
        rcc_set(APB1ENR, 1u << 28);
    }
};

struct WatchedChip : ClockedChip {
    soc::Wwdg wwdg{construction("wwdg", {{"gate", 0x400B}}, {{"rcc", &rcc}})};
    WatchedChip() { rcc_set(APB1ENR, 1u << 11); }
};
constexpr Tick count_ticks = at_16_mhz * 4096;

struct RandomChip : ClockedChip {
    soc::Rng rng{construction("rng", {{"gate", 0x3406}}, {{"rcc", &rcc}})};
    RandomChip() { rcc_set(0x34, 1u << 6); }
};

}  // namespace

TEST(stop_switches_the_clocks_off_and_the_chip_wakes_on_hsi) {
    PowerChip c;
    c.go_168_mhz();
    c.pwr.sleep_begins(true);
    EXPECT_EQUAL(c.rcc.period(soc::Clock::hclk), 0);
    EXPECT_EQUAL(c.rcc.period(soc::Clock::timers1), 0);
    EXPECT_EQUAL(c.sleeping.latency, 13 * microsecond);
    c.pwr.sleep_ends();
    EXPECT_EQUAL(c.sleeping.latency, 0);
    EXPECT_EQUAL(c.rcc.period(soc::Clock::hclk), at_16_mhz);
    EXPECT_EQUAL(c.rcc_get(CR) & 0x03030003, 3);            // HSI alone
    EXPECT_EQUAL(c.rcc_get(CFGR) & 0xF, 0);
}

TEST(a_light_sleep_leaves_the_clocks_alone) {
    PowerChip c;
    c.pwr.sleep_begins(false);
    EXPECT_EQUAL(c.rcc.period(soc::Clock::hclk), at_16_mhz);
    c.pwr.sleep_ends();
    EXPECT_EQUAL(c.sleeping.cuts, 0);
}

TEST(standby_ends_by_the_wake_up_pin_with_flags_that_a_reset_keeps) {
    PowerChip c;
    auto pin = *c.pwr.input(0);
    c.pwr.write(PWR_CSR, EWUP, 4);
    c.pwr.write(PWR_CR, PDDS, 4);
    c.pwr.sleep_begins(true);
    EXPECT_EQUAL(c.sleeping.cut_cause, soc::standby_begins);
    c.reset_by(soc::standby_begins);
    EXPECT_EQUAL(c.pwr.read(PWR_CSR, 4) & (WUF | SBF | EWUP), SBF | EWUP);
    pin(true);
    c.run_for(375 * microsecond - 1);
    EXPECT_EQUAL(c.sleeping.resets, 0);
    c.run_for(1);
    EXPECT_EQUAL(c.sleeping.cause, soc::standby_ends);
    c.reset_by(soc::standby_ends);
    EXPECT_EQUAL(c.pwr.read(PWR_CSR, 4) & (WUF | SBF | EWUP), WUF | SBF | EWUP);
    c.pwr.write(PWR_CR, CWUF | CSBF, 4);
    EXPECT_EQUAL(c.pwr.read(PWR_CSR, 4) & (WUF | SBF), 0);
}

TEST(a_wake_up_flag_that_was_left_ends_standby_at_once) {
    PowerChip c;
    (*c.pwr.input(8))(true);
    EXPECT_EQUAL(c.pwr.read(PWR_CSR, 4) & WUF, WUF);
    c.pwr.write(PWR_CR, PDDS, 4);
    c.pwr.sleep_begins(true);
    c.run_for(375 * microsecond);
    EXPECT_EQUAL(c.sleeping.cause, soc::standby_ends);
}

TEST(an_event_line_of_exti_wakes_a_wfe) {
    Chip c;
    Sleeping sleeping;
    soc::Exti exti{{.name = "exti", .scheduler = c.scheduler, .recorder = c.recorder, .dma = c.ram, .system = sleeping, .fabric = c.fabric}};
    exti.write(0x04, 1 << 22, 4);
    exti.write(0x08, 1 << 22, 4);
    (*exti.input(22))(true);
    EXPECT_EQUAL(sleeping.events, 1);
    EXPECT(!exti.output("22")->level());
    exti.write(0x10, 1 << 22, 4);
    EXPECT_EQUAL(sleeping.events, 2);
}

TEST(the_window_watchdog_interrupts_and_then_resets) {
    WatchedChip c;
    c.wwdg.write(0x04, 1 << 9 | 0x7F, 4);
    c.wwdg.write(0x00, 0x80 | 0x42, 4);
    c.run_for(2 * count_ticks - 1);
    EXPECT(!c.wwdg.output("IRQ")->level());
    EXPECT_EQUAL(c.wwdg.read(0x00, 4), 0x80 | 0x41);
    c.run_for(1);
    EXPECT(c.wwdg.output("IRQ")->level());
    EXPECT_EQUAL(c.requests.resets, 0);
    c.run_for(count_ticks);
    EXPECT_EQUAL(c.requests.cause, 1u << 30);
}

TEST(a_refresh_above_the_window_or_below_0x40_resets) {
    WatchedChip c;
    c.wwdg.write(0x04, 0x50, 4);
    c.wwdg.write(0x00, 0x80 | 0x60, 4);
    c.run_for(0x10 * count_ticks);
    c.wwdg.write(0x00, 0x80 | 0x60, 4);
    EXPECT_EQUAL(c.requests.resets, 0);
    c.run_for(0xF * count_ticks);
    c.wwdg.write(0x00, 0x80 | 0x60, 4);
    EXPECT_EQUAL(c.requests.resets, 1);
    c.wwdg.reset();
    c.wwdg.write(0x00, 0x80 | 0x3F, 4);
    EXPECT_EQUAL(c.requests.resets, 2);
}

TEST(a_watchdog_that_bites_at_each_start_is_told_once) {
    WatchedChip c;
    soc::Iwdg iwdg{c.construction("iwdg", {}, {{"rcc", &c.rcc}})};
    for (int start = 1; start <= 3; ++start) {
        c.wwdg.reset();
        iwdg.reset();
        c.wwdg.write(0x00, 0x80 | 0x40, 4);
        c.run_for(count_ticks);
        iwdg.write(0x00, 0xCCCC, 4);
        c.run_for(second);
        EXPECT_EQUAL(c.requests.resets, 2 * start);
    }
    EXPECT_EQUAL(c.recorder.warnings.size(), 2);
}

TEST(iwdg_updates_take_five_cycles_of_lsi_and_it_outlives_standby) {
    ClockedChip c;
    soc::Iwdg iwdg{c.construction("iwdg", {}, {{"rcc", &c.rcc}})};
    constexpr Tick lsi = second / 32'000;
    iwdg.write(0x00, 0xCCCC, 4);
    iwdg.write(0x00, 0x5555, 4);
    iwdg.write(0x08, 99, 4);
    EXPECT_EQUAL(iwdg.read(0x0C, 4), 2);
    iwdg.write(0x08, 5, 4);                                 // lost
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.run_for(5 * lsi);
    EXPECT_EQUAL(iwdg.read(0x0C, 4), 0);
    EXPECT_EQUAL(iwdg.read(0x08, 4), 99);
    iwdg.write(0x00, 0xAAAA, 4);
    iwdg.note_reset(soc::standby_begins);
    iwdg.reset();
    c.run_for(400 * lsi);
    EXPECT_EQUAL(c.requests.cause, 1u << 29);
}

TEST(a_random_word_takes_forty_periods_of_the_48_mhz_clock) {
    RandomChip c;
    c.go_168_mhz();
    c.rng.write(0x00, 1 << 2 | 1 << 3, 4);
    const Tick word = 40 * c.rcc.period(soc::Clock::pll48);
    EXPECT_EQUAL(c.rcc.period(soc::Clock::pll48), second / 48'000'000);
    c.run_for(word - 1);
    EXPECT_EQUAL(c.rng.read(0x04, 4), 0);
    c.run_for(1);
    EXPECT(c.rng.output("IRQ")->level());
    const uint32_t first = c.rng.read(0x08, 4);
    EXPECT_EQUAL(c.rng.read(0x08, 4), 0);
    c.run_for(word);
    EXPECT(first != 0 && c.rng.read(0x08, 4) != first);
}

TEST(without_its_clock_the_rng_says_so_and_gives_none) {
    RandomChip c;
    c.rng.write(0x00, 1 << 2, 4);
    c.run_for(1000 * microsecond);
    EXPECT_EQUAL(c.rng.read(0x04, 4), 1 << 1 | 1 << 5);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.go_168_mhz();
    c.rng.write(0x04, 0, 4);
    c.run_for(10 * microsecond);
    EXPECT_EQUAL(c.rng.read(0x04, 4), 1);
}

int main(int count, char** names) { return bench::run(count, names); }
