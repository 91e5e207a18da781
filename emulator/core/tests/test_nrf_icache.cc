// The nRF52840's flash and its instruction cache against sequences counted by hand (docs/timing.md A3.3: Product
// Specification 4.1 CPU wait states, 4.3 NVMC; the cache's shape is that of nRF5340's and a parameter).
#include "fetch_stream.h"
#include "timing/nrf_flash.h"

using namespace bench;
using Waits = std::vector<int>;

namespace {

struct Nrf {
    tinysim::NrfFlash flash;
    explicit Nrf(bool cache, bool profiling = false, tinysim::NrfFlashParameters parameters = {})
        : flash(parameters, 1 << 20) {
        flash.configure(cache, profiling, false);
    }
};

}  // namespace

// A3.3: "flash without cache 0..2" wait states; the default charges all two to each word.
TEST(without_cache_each_word_waits) {
    Nrf t(false);
    EXPECT(waits(t.flash, 0, 3, 0) == (Waits{2, 2, 2}));
    EXPECT(!t.flash.can_be_resident());
}
TEST(a_line_buffer_makes_the_words_of_one_read_free) {
    Nrf t(false, false, {.flash_line_buffer_bytes = 16});
    EXPECT(waits(t.flash, 0, 5, 0) == (Waits{2, 0, 0, 0, 2}));
}
// A3.3: hit 0, miss 3; 128-bit line.
TEST(with_cache_a_line_costs_one_miss_and_then_nothing) {
    Nrf t(true);
    EXPECT(waits(t.flash, 0, 5, 0) == (Waits{3, 0, 0, 0, 3}));
    EXPECT(waits(t.flash, 0, 5, 100) == (Waits{0, 0, 0, 0, 0}));
}
// A3.3: 2 KB, two ways: 64 sets, so lines 1 KB apart share one.
TEST(two_lines_of_a_set_live_together_and_a_third_drives_the_older_out) {
    Nrf t(true);
    Cycle at = stream(t.flash, 0, 1, 0);
    at = stream(t.flash, 0x400, 1, at);
    EXPECT(t.flash.touch(0));
    at = stream(t.flash, 0x800, 1, at);
    EXPECT(t.flash.touch(0));
    EXPECT(!t.flash.touch(0x400));
    EXPECT(t.flash.touch(0x800));
}
TEST(a_loop_of_two_kilobytes_fits) {
    Nrf t(true);
    const Cycle begin = stream(t.flash, 0, 512, 0);
    EXPECT_EQUAL(begin, 512 + 128 * 3);
    EXPECT_EQUAL(stream(t.flash, 0, 512, begin), begin + 512);
}
// A3.3: the cache is on I-Code only.
TEST(data_reads_are_never_cached) {
    Nrf t(true);
    EXPECT_EQUAL(t.flash.read(0x100, 0).cycles, 2);
    EXPECT_EQUAL(t.flash.read(0x100, 3).cycles, 2);
}
TEST(a_data_read_waits_for_the_miss_under_way) {
    Nrf t(true);
    t.flash.fetch(0, 0);                                    // array 0..4
    const auto wait = t.flash.read(0x100, 1);
    EXPECT_EQUAL(wait.cycles, 3 + 2);
    EXPECT_EQUAL(wait.port, 3);
    EXPECT_EQUAL(t.flash.fetch(4, 4).cycles, 0);            // a hit needs no port
}
// nRF52840 SVD, ICACHECNF.CACHEPROFEN, IHIT, IMISS.
TEST(hits_and_misses_are_counted_while_profiling) {
    Nrf t(true, true);
    stream(t.flash, 0, 8, 0);
    EXPECT_EQUAL(t.flash.hits, 6);
    EXPECT_EQUAL(t.flash.misses, 2);
    EXPECT(t.flash.wants_every_fetch());
    EXPECT(!t.flash.touch(0));
    t.flash.configure(true, false, false);
    stream(t.flash, 0, 8, 50);
    EXPECT_EQUAL(t.flash.hits, 6);
    EXPECT(t.flash.touch(0));
}

TEST(the_fast_path_waits_as_the_exact_one_does) {
    Nrf fast(true), exact(true);
    EXPECT_EQUAL(differences_by_touch(fast.flash, exact.flash), 0);
}

int main(int count, char** names) { return run(count, names); }
