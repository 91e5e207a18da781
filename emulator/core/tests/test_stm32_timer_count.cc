// How a timer's counter moves: the closed forms of timer_count.h against counting step by step.
#include "device_bench.h"
#include "soc/stm32/timer_count.h"

using tinysim::stm32::TimerCount;

namespace {

// One step, as the manual draws it; true: overflow or underflow.
bool step(TimerCount& count) {
    if (count.centre) {
        const bool falls = count.value != 0 && (count.down || count.value >= count.reload);
        count.value += falls ? -1 : 1;
        count.down = count.value == 0 ? false : falls || count.value == count.reload;
        return count.value == 0 || (!falls && count.value == count.reload);
    }
    const bool wraps = count.down ? count.value == 0 : count.value == count.reload || count.value == count.limit;
    count.value = wraps ? (count.down ? count.reload : 0) : count.value + (count.down ? -1 : 1);
    return wraps;
}

template <class Check>
void for_all(Check check) {
    for (uint32_t reload = 1; reload < 7; ++reload)
        for (uint32_t value = 0; value <= 9; ++value)
            for (const bool down : {false, true})
                for (const bool centre : {false, true}) check(TimerCount{9, reload, value, down, centre});
}

}  // namespace

TEST(many_steps_at_once_are_many_single_steps) {
    for_all([](TimerCount start) {
        TimerCount slow = start;
        for (int64_t steps = 1; steps < 40; ++steps) {
            step(slow);
            TimerCount fast = start;
            fast.move(steps);
            EXPECT_EQUAL(fast.value, slow.value);
            if (start.centre) EXPECT_EQUAL(fast.down, slow.down);
        }
    });
}

TEST(the_next_wrap_is_where_counting_finds_it) {
    for_all([](TimerCount start) {
        TimerCount slow = start;
        int64_t steps = 1;
        while (!step(slow)) ++steps;
        EXPECT_EQUAL(start.steps_to_wrap(), steps);
    });
}

TEST(the_next_arrival_is_where_counting_finds_it) {
    for_all([](TimerCount start) {
        for (uint32_t target = 0; target <= 9; ++target)
            for (const auto ways : {TimerCount::upwards, TimerCount::downwards, TimerCount::both}) {
                TimerCount slow = start;
                int64_t steps = 0;
                for (bool arrived = false; !arrived; ++steps) {
                    const bool wraps = step(slow);
                    const auto way = slow.is_turning() ? TimerCount::both : slow.down ? TimerCount::downwards : TimerCount::upwards;
                    arrived = slow.has_arrived(target, wraps) && (!slow.centre || (way & ways) != 0 || target >= slow.reload);
                }
                EXPECT_EQUAL(start.steps_to(target, ways), steps);
            }
    });
}

int main(int count, char** names) { return bench::run(count, names); }
