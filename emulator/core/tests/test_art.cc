// The STM32F4 flash accelerator against sequences counted by hand. Each test names the fact that it rests on
// (docs/timing.md A3.1: RM0090 3.4, measurements of practitioners).
#include "fetch_stream.h"
#include "timing/art.h"

using namespace bench;
using tinysim::FlashAccess;
using Waits = std::vector<int>;

namespace {

struct Art {
    std::unique_ptr<tinysim::Stm32Flash> unit = tinysim::make_art(1 << 20);
    tinysim::Stm32Flash& flash = *unit;
    explicit Art(FlashAccess access) { flash.configure(access); }
    Art(FlashAccess access, tinysim::Stm32FlashParameters parameters)
        : unit(tinysim::make_art(1 << 20, parameters)) {
        flash.configure(access);
    }
};

constexpr FlashAccess plain{.latency = 5}, prefetch{.latency = 5, .prefetch = true},
    cached{.latency = 5, .icache = true, .dcache = true},
    all{.latency = 5, .prefetch = true, .icache = true, .dcache = true};

}  // namespace

// A3.1: "Miss cost with WS = L: first word after L+1 cycles"; the current-line buffer "cannot be disabled".
TEST(without_prefetch_each_line_of_four_words_costs_the_wait_states_once) {
    Art t(plain);
    EXPECT(waits(t.flash, 0, 9, 0) == (Waits{5, 0, 0, 0, 5, 0, 0, 0, 5}));
}

// A3.1: "If a loop is present in the current buffer, no new flash access is performed" (RM0440 4.3.4, the same block).
TEST(a_loop_within_the_current_line_waits_once_without_cache) {
    Art t(plain);
    const Cycle begin = stream(t.flash, 0x40, 4, 0);
    EXPECT_EQUAL(begin, 9);
    EXPECT_EQUAL(stream(t.flash, 0x40, 4, begin), begin + 4);
}

// A3.1: 16 bytes in 6 cycles at 5 wait states: "straight 32-bit code starves 2 cycles per line".
TEST(with_prefetch_straight_32_bit_code_starves_two_cycles_a_line) {
    Art t(prefetch);
    EXPECT(waits(t.flash, 0, 13, 0) == (Waits{5, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2}));
}

// A3.1: "16-bit code does not": eight cycles of work to a line.
TEST(with_prefetch_straight_16_bit_code_does_not_starve) {
    Art t(prefetch);
    EXPECT(waits(t.flash, 0, 9, 0, 2) == (Waits{5, 0, 0, 0, 0, 0, 0, 0, 0}));
}

// A3.1, the manual's figure at 3 wait states: four cycles a line, which four words just use up.
TEST(with_prefetch_at_three_wait_states_32_bit_code_does_not_starve) {
    Art t({.latency = 3, .prefetch = true});
    EXPECT(waits(t.flash, 0, 9, 0) == (Waits{3, 0, 0, 0, 0, 0, 0, 0, 0}));
}

// A3.1: a branch away from a prefetch pays for its end: reads of the array are not broken off.
TEST(a_branch_waits_for_the_prefetch_that_is_under_way) {
    Art t(prefetch);
    const Cycle branch = stream(t.flash, 0, 2, 0);          // asked at 7; the prefetch has the array from 6 to 12
    EXPECT_EQUAL(branch, 7);
    EXPECT_EQUAL(t.flash.fetch(0x400, branch).cycles, 5 + 5);
    Art u(plain);
    stream(u.flash, 0, 2, 0);
    EXPECT_EQUAL(u.flash.fetch(0x400, 7).cycles, 5);
}

// A3.1: 64 lines of 128 bits, fully associative, LRU.
TEST(a_loop_of_64_lines_fits_and_waits_in_its_first_round_only) {
    Art t(cached);
    const Cycle begin = stream(t.flash, 0, 256, 0);
    EXPECT_EQUAL(begin, 256 + 64 * 5);
    EXPECT_EQUAL(stream(t.flash, 0, 256, begin), begin + 256);
}
TEST(a_loop_of_65_lines_never_hits_because_the_oldest_goes) {
    Art t(cached);
    const Cycle begin = stream(t.flash, 0, 260, 0);
    EXPECT_EQUAL(stream(t.flash, 0, 260, begin), begin + 260 + 65 * 5);
}
TEST(any_64_lines_fit_wherever_they_stand) {
    Art t(cached);
    Cycle at = 0;
    for (uint32_t line = 0; line < 64; ++line) at = stream(t.flash, line * 0x1000, 1, at);
    for (uint32_t line = 0; line < 64; ++line) EXPECT_EQUAL(t.flash.fetch(line * 0x1000, at++).cycles, 0);
}
TEST(the_line_used_longest_ago_goes_first) {
    Art t(cached);
    Cycle at = 0;
    for (uint32_t line = 0; line < 64; ++line) at = stream(t.flash, line * 16, 1, at);
    at = stream(t.flash, 0, 1, at);                         // line 0 is new again, line 1 is the oldest
    at = stream(t.flash, 0x8000, 1, at);
    EXPECT(t.flash.touch(0));
    EXPECT(!t.flash.touch(16));
}

// A3.1: "prefetched lines enter the I-cache only when used".
TEST(a_prefetched_line_enters_the_cache_when_it_is_used) {
    Art t(all);
    Cycle at = stream(t.flash, 0, 4, 0);                    // line 1 is being prefetched
    EXPECT(t.flash.fetch(0x400, at + 20).cycles > 0);       // and line 0x41 after that
    EXPECT(!t.flash.touch(0x10));
    at = stream(t.flash, 0, 8, at + 60);
    EXPECT(t.flash.touch(0x10));
}
TEST(a_loop_in_the_cache_starts_no_prefetch) {
    Art t(all);
    Cycle at = stream(t.flash, 0, 8, 0);
    at = stream(t.flash, 0, 8, at + 20);
    EXPECT(t.flash.is_quiet(at));
}

// A3.1: D-cache 8 lines, LRU; without it each read goes to the array.
TEST(data_reads_without_the_cache_wait_each_time) {
    Art t(plain);
    EXPECT_EQUAL(t.flash.read(0x100, 0).cycles, 5);
    EXPECT_EQUAL(t.flash.read(0x104, 6).cycles, 5);
}
TEST(the_data_cache_holds_eight_lines) {
    Art t(cached);
    Cycle at = 0;
    for (uint32_t line = 0; line < 8; ++line) at += 1 + t.flash.read(line * 16, at).cycles;
    EXPECT_EQUAL(at, 8 * 6);
    for (uint32_t line = 0; line < 8; ++line) EXPECT_EQUAL(t.flash.read(line * 16 + 12, at++).cycles, 0);
    EXPECT_EQUAL(t.flash.read(8 * 16, at).cycles, 5);
    EXPECT_EQUAL(t.flash.read(0, at + 6).cycles, 5);
}

// A3.1: one flash port behind both buses; a data read waits for the fetch under way, and the other way round.
TEST(a_literal_read_waits_for_the_line_fetch_under_way) {
    Art t(cached);
    EXPECT_EQUAL(t.flash.fetch(0, 0).cycles, 5);            // array 0..6
    const auto wait = t.flash.read(0x100, 3);
    EXPECT_EQUAL(wait.cycles, 3 + 5);
    EXPECT_EQUAL(wait.port, 3);
    const auto fetch = t.flash.fetch(0x10, 7);              // array 6..12 reads for data
    EXPECT_EQUAL(fetch.cycles, 5 + 5);
    EXPECT_EQUAL(fetch.port, 5);
}
// A3.1: "D-Code has priority at the flash mux": a prefetch that could begin in the same cycle comes after the read.
TEST(a_data_read_goes_before_a_prefetch_of_the_same_cycle) {
    Art t(prefetch);
    t.flash.fetch(0, 0);                                    // array 0..6, the prefetch would follow
    EXPECT_EQUAL(t.flash.read(0x100, 6).cycles, 5);         // array 6..12
    EXPECT_EQUAL(t.flash.fetch(0x10, 13).cycles, 18 - 13 - 1);      // prefetch 12..18
}
TEST(a_data_read_goes_before_a_fetch_that_was_asked_for_ahead) {
    Art t(plain);
    EXPECT_EQUAL(t.flash.fetch(0, 4).cycles, 5);            // array 4..10, told at cycle 2
    const auto wait = t.flash.read(0x100, 3);               // array 3..9, the fetch 9..15
    EXPECT_EQUAL(wait.cycles, 5);
    EXPECT_EQUAL(wait.delays_fetch, 5);
    EXPECT_EQUAL(t.flash.fetch(4, 10).cycles, 15 - 10 - 1);
}
// A3.1, hypothesis: at 0 wait states both still meet at the one port; flash_port_shared = 0 takes it away.
TEST(at_no_wait_states_a_fetch_beside_a_read_waits_one_cycle) {
    Art t({.latency = 0});
    EXPECT_EQUAL(t.flash.read(0x100, 0).cycles, 0);
    EXPECT_EQUAL(t.flash.fetch(0, 0).cycles, 1);
    auto parameters = tinysim::art_parameters;
    parameters.port_shared = 0;
    Art u({.latency = 0}, parameters);
    EXPECT_EQUAL(u.flash.read(0x100, 0).cycles, 0);
    EXPECT_EQUAL(u.flash.fetch(0, 0).cycles, 0);
}
// A3.1: "At 0 WS caches make no difference to timing".
TEST(at_no_wait_states_straight_code_never_waits) {
    Art t({.latency = 0, .prefetch = true});
    EXPECT_EQUAL(stream(t.flash, 0, 64, 0), 64);
}

// The fast path's promise: what touch allows, fetch does without a wait, and both leave the same order of use.
TEST(touch_says_no_to_what_would_wait_and_updates_the_order_of_use) {
    Art t(cached);
    EXPECT(!t.flash.touch(0));
    EXPECT_EQUAL(t.flash.fetch(0, 0).cycles, 5);
    EXPECT(t.flash.is_quiet(6));
    EXPECT(!t.flash.is_quiet(5));
    EXPECT(t.flash.touch(0));
    Cycle at = 10;
    for (uint32_t line = 1; line < 64; ++line) at = stream(t.flash, line * 16, 1, at);
    EXPECT(t.flash.touch(0));
    stream(t.flash, 0x8000, 1, at);
    EXPECT(t.flash.touch(0));
    t.flash.configure(plain);
    EXPECT(!t.flash.touch(0));
    EXPECT(!t.flash.can_be_resident());
}

TEST(the_fast_path_waits_as_the_exact_one_does) {
    Art fast(all), exact(all);
    EXPECT_EQUAL(differences_by_touch(fast.flash, exact.flash), 0);
}

int main(int count, char** names) { return run(count, names); }
