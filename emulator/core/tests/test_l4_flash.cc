// The STM32L4 flash interface against sequences counted by hand (docs/timing.md A3.2: RM0351 3.3.4).
#include "fetch_stream.h"
#include "timing/l4_flash.h"

using namespace bench;
using tinysim::FlashAccess;
using Waits = std::vector<int>;

namespace {

struct L4 {
    std::unique_ptr<tinysim::Stm32Flash> unit;
    tinysim::Stm32Flash& flash;
    explicit L4(FlashAccess access, tinysim::Stm32FlashParameters parameters = tinysim::l4_flash_parameters)
        : unit(tinysim::make_l4_flash(1 << 20, parameters)), flash(*unit) {
        flash.configure(access);
    }
};

constexpr FlashAccess plain{.latency = 4}, prefetch{.latency = 4, .prefetch = true},
    cached{.latency = 4, .icache = true, .dcache = true};

tinysim::Stm32FlashParameters whole_lines(int64_t critical_first, int64_t beat_cycles) {
    auto parameters = tinysim::l4_flash_parameters;
    parameters.refill_whole_line = 1;
    parameters.critical_word_first = critical_first;
    parameters.refill_beat_cycles = beat_cycles;
    return parameters;
}

}  // namespace

// A3.2: 64 bits a read, so two words.
TEST(each_read_of_the_array_gives_two_words) {
    L4 t(plain);
    EXPECT(waits(t.flash, 0, 6, 0) == (Waits{4, 0, 4, 0, 4, 0}));
}
// A3.2, one prefetch buffer: 8 bytes in 5 cycles, two cycles' work.
TEST(with_prefetch_straight_32_bit_code_starves_three_cycles_a_read) {
    L4 t(prefetch);
    EXPECT(waits(t.flash, 0, 6, 0) == (Waits{4, 0, 3, 0, 3, 0}));
}
// RM0440 4.3.4, the same block: "at least two CPU cycles are needed to execute the previous read instruction line".
TEST(with_prefetch_at_one_wait_state_32_bit_code_does_not_starve) {
    L4 t({.latency = 1, .prefetch = true});
    EXPECT(waits(t.flash, 0, 6, 0) == (Waits{1, 0, 0, 0, 0, 0}));
}
// A3.2: 32 lines of 4 x 64 bits.
TEST(a_loop_of_one_kilobyte_fits) {
    L4 t(cached);
    const Cycle begin = stream(t.flash, 0, 256, 0);
    EXPECT_EQUAL(begin, 256 + 128 * 4);
    EXPECT_EQUAL(stream(t.flash, 0, 256, begin), begin + 256);
}
TEST(a_longer_loop_does_not) {
    L4 t(cached);
    const Cycle begin = stream(t.flash, 0, 264, 0);
    EXPECT_EQUAL(stream(t.flash, 0, 264, begin), begin + 264 + 132 * 4);
}
// RM0440 4.3.4: "the line read is copied into the instruction cache": 64 bits, not the whole line.
TEST(a_miss_makes_one_quarter_of_a_line_valid) {
    L4 t(cached);
    t.flash.fetch(8, 0);
    EXPECT(t.flash.touch(8));
    EXPECT(t.flash.touch(12));
    EXPECT(!t.flash.touch(0));
    EXPECT(!t.flash.touch(16));
    EXPECT_EQUAL(t.flash.line_bytes(), 8);
}
// 33 lines with one valid quarter each: places are taken by whole lines.
TEST(a_line_with_one_valid_quarter_takes_a_whole_place) {
    L4 t(cached);
    Cycle at = 0;
    for (uint32_t line = 0; line < 33; ++line) at = stream(t.flash, line * 32, 1, at);
    EXPECT(!t.flash.touch(0));
    EXPECT(t.flash.touch(32));
}
// A3.2, parameters: the rest of the line follows the word that was asked for, in turn.
TEST(a_whole_line_refill_streams_behind_the_critical_word) {
    L4 t(cached, whole_lines(1, 0));
    EXPECT_EQUAL(t.flash.fetch(16, 0).cycles, 4);               // reads of 5 cycles: 16, 24, 0, 8
    EXPECT_EQUAL(t.flash.fetch(24, 5).cycles, 10 - 5 - 1);
    EXPECT_EQUAL(t.flash.fetch(8, 10).cycles, 20 - 10 - 1);
    EXPECT(!t.flash.is_quiet(19));
    EXPECT(t.flash.is_quiet(20));
    EXPECT(t.flash.touch(0));
}
TEST(a_whole_line_refill_from_its_start_makes_the_last_word_wait) {
    L4 t(cached, whole_lines(0, 0));
    EXPECT_EQUAL(t.flash.fetch(16, 0).cycles, 15 - 1);
}
TEST(a_refill_beat_may_be_shorter_than_the_first_read) {
    L4 t(cached, whole_lines(1, 1));
    EXPECT_EQUAL(t.flash.fetch(0, 0).cycles, 4);
    EXPECT_EQUAL(t.flash.fetch(8, 5).cycles, 0);
    EXPECT(t.flash.is_quiet(8));
}
// RM0440 4.3.4: "Each DCode bus read access fetches 64 bits which are saved in a current buffer".
TEST(the_second_word_of_a_data_read_is_free_without_the_cache) {
    L4 t(plain);
    EXPECT_EQUAL(t.flash.read(0x100, 0).cycles, 4);
    EXPECT_EQUAL(t.flash.read(0x104, 5).cycles, 0);
    EXPECT_EQUAL(t.flash.read(0x108, 6).cycles, 4);
    EXPECT_EQUAL(t.flash.read(0x100, 11).cycles, 4);
}
// A3.2: D-cache 8 lines of 4 x 64 bits.
TEST(the_data_cache_holds_256_bytes) {
    L4 t(cached);
    Cycle at = 0;
    for (uint32_t offset = 0; offset < 256; offset += 4) at += 1 + t.flash.read(offset, at).cycles;
    EXPECT_EQUAL(at, 64 + 32 * 4);
    for (uint32_t offset = 0; offset < 256; offset += 4) EXPECT_EQUAL(t.flash.read(offset, at++).cycles, 0);
    EXPECT_EQUAL(t.flash.read(256, at).cycles, 4);
    EXPECT_EQUAL(t.flash.read(0, at + 5).cycles, 4);
}
// A3.2, L4+ as one bank: 128 bits a read.
TEST(as_one_bank_l4_plus_reads_four_words) {
    auto parameters = tinysim::l4_flash_parameters;
    parameters.read_bytes = 16;
    L4 t({.latency = 5}, parameters);
    EXPECT(waits(t.flash, 0, 5, 0) == (Waits{5, 0, 0, 0, 5}));
}
TEST(a_shape_that_cannot_be_is_named) {
    auto parameters = tinysim::l4_flash_parameters;
    EXPECT(tinysim::check(parameters).empty());
    parameters.read_bytes = 12;
    EXPECT_EQUAL(tinysim::check(parameters).rfind("flash_read_bytes", 0), 0);
    parameters = tinysim::with_chip_numbers(tinysim::l4_flash_parameters, {{"flash_icache_lines", 0}});
    EXPECT_EQUAL(tinysim::check(parameters).rfind("flash_icache_lines", 0), 0);
}

TEST(the_fast_path_waits_as_the_exact_one_does) {
    for (const auto& parameters : {tinysim::l4_flash_parameters, whole_lines(1, 2)}) {
        L4 fast(cached, parameters), exact(cached, parameters);
        EXPECT_EQUAL(differences_by_touch(fast.flash, exact.flash), 0);
    }
}

int main(int count, char** names) { return run(count, names); }
