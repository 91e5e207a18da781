// Cycles across changes of the CPU's clock, and stalls of the bus in cycles of the clock they happened at.
#include "cpu/clock_history.h"
#include "matrix_bench.h"

using namespace bench;
using namespace tinysim;

namespace {
// As if `waiter` had stood behind `holder` at ram0.
void stall(Chip& t, MasterId waiter, MasterId holder, Tick ticks) { t.matrix.slave("ram0")->stall_ticks[waiter][holder] += ticks; }
}  // namespace

TEST(cycles_count_on_over_faster_and_slower_clocks) {
    Chip t{false};
    ClockHistory clock{8};
    EXPECT_EQUAL(clock.cycle_of(79), 9);
    clock.change(80, 2, t.matrix);
    clock.change(100, 16, t.matrix);
    EXPECT_EQUAL(clock.cycle_of(79), 9);
    EXPECT_EQUAL(clock.cycle_of(80), 10);
    EXPECT_EQUAL(clock.cycle_of(99), 19);
    EXPECT_EQUAL(clock.cycle_of(100), 20);
    EXPECT_EQUAL(clock.cycle_of(115), 20);
    EXPECT_EQUAL(clock.cycle_of(116), 21);
    int64_t last = 0;
    for (Tick at = 0; at < 200; ++at) {
        EXPECT(clock.cycle_of(at) >= last && clock.cycle_of(at) <= last + 1);
        last = clock.cycle_of(at);
    }
}

TEST(two_changes_at_one_time_leave_one_segment) {
    Chip t{false};
    ClockHistory clock{8};
    clock.change(80, 2, t.matrix);
    clock.change(80, 4, t.matrix);
    EXPECT_EQUAL(clock.segments().size(), 2);
    EXPECT_EQUAL(clock.cycle_of(88), 12);
}

TEST(stalls_are_cycles_of_the_clock_they_happened_at) {
    Chip t{false};
    const MasterId dma = t.matrix.add_master("dma");
    ClockHistory clock{8};
    stall(t, cpu_data_master, dma, 3 * 8);
    clock.change(80, 2, t.matrix);
    stall(t, cpu_data_master, dma, 5 * 2);
    stall(t, dma, cpu_data_master, 7 * 2);
    const auto rows = clock.stall_cycles(t.matrix);
    EXPECT_EQUAL(rows.size(), 2);
    EXPECT_EQUAL(rows[0].ticks, 3 + 5);
    EXPECT_EQUAL(rows[1].ticks, 7);
}

TEST(the_history_comes_back_from_a_snapshot) {
    Chip t{false};
    Scheduler scheduler{1000};
    ClockHistory clock{8}, later{4};
    clock.change(80, 2, t.matrix);
    Snapshot snapshot;
    Archive out{snapshot, nullptr, scheduler};
    clock.state(out);
    out.finish();
    later.change(8, 16, t.matrix);
    later.change(88, 2, t.matrix);
    Archive in{snapshot, scheduler};
    later.state(in);
    EXPECT_EQUAL(later.segments().size(), 2);
    for (Tick at : {0, 79, 80, 99, 1000}) EXPECT_EQUAL(later.cycle_of(at), clock.cycle_of(at));
}

int main(int count, char** names) { return run(count, names); }
