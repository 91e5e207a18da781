// The profile fed by hand: sums, returns, tail calls, threads that are switched in an exception, the bounded time line.
#include "cpu/profile.h"

#include "device_bench.h"

using namespace tinysim;
using Kind = Profile::Kind;

namespace {

constexpr uint32_t top = 0x2000'4000;

void ran(Profile& profile, uint32_t address, int32_t base, int32_t flash = 0, int32_t contention = 0, MasterId holder = 0) {
    CauseCycles cycles{};
    cycles[static_cast<size_t>(Cause::base)] = base;
    cycles[static_cast<size_t>(Cause::flash)] = flash;
    cycles[static_cast<size_t>(Cause::contention)] = contention;
    profile.instruction(address, cycles, holder);
}

int64_t after(const Profile& profile, int64_t cycles) { return profile.start_cycle() + profile.charged_cycles() + cycles; }

void enter(Profile& profile, unsigned number, uint32_t handler, int64_t cycles, uint32_t frame) {
    profile.enter_exception(number, handler, after(profile, cycles), frame);
}

void leave(Profile& profile, int64_t cycles, uint32_t frame, uint32_t return_address) {
    profile.leave_exception(after(profile, cycles), frame, return_address);
}

int64_t sum(const Profile::Cycles& cycles) {
    int64_t all = 0;
    for (int64_t each : cycles) all += each;
    return all;
}

// Both views hold each charged cycle once.
void expect_exact(const Profile& profile, int64_t total) {
    int64_t by_node = 0, by_instruction = 0;
    for (const auto& node : profile.nodes()) by_node += sum(node.cycles);
    for (const auto& each : profile.instructions()) by_instruction += sum(each.row->cycles);
    EXPECT_EQUAL(by_node, total);
    EXPECT_EQUAL(by_instruction, total);
    EXPECT_EQUAL(profile.charged_cycles(), total);
}

const Profile::Node* node_of(const Profile& profile, uint32_t function, Kind kind = Kind::call) {
    for (const auto& node : profile.nodes())
        if (node.function == function && node.kind == kind) return &node;
    return nullptr;
}

int64_t cycles_of(const Profile& profile, uint32_t function, Kind kind = Kind::call) {
    const auto* node = node_of(profile, function, kind);
    return node == nullptr ? -1 : sum(node->cycles);
}

uint32_t parent_function(const Profile& profile, uint32_t function) {
    const auto* node = node_of(profile, function);
    return node == nullptr ? ~0u : profile.nodes()[node->parent].function;
}

}  // namespace

TEST(cycles_of_an_instruction_are_split_and_sum_up) {
    Profile profile;
    ran(profile, 0x100, 1, 5);
    ran(profile, 0x102, 2, 0, 3, 7);
    ran(profile, 0x100, 1);
    profile.charge(Cause::flash, 4);
    expect_exact(profile, 16);
    const auto rows = profile.instructions();
    EXPECT_EQUAL(rows.size(), 2);
    EXPECT_EQUAL(rows[0].row->count, 2);
    EXPECT_EQUAL(rows[0].row->cycles[static_cast<size_t>(Cause::flash)], 9);
    const auto held = profile.held_by_instruction();
    EXPECT_EQUAL(held.size(), 1);
    EXPECT_EQUAL(held[0].where, 0x102);
    EXPECT_EQUAL(held[0].holder, 7);
    EXPECT_EQUAL(held[0].cycles, 3);
    EXPECT_EQUAL(profile.held_by_node()[0].cycles, 3);
}

TEST(a_call_and_its_return_make_one_node) {
    Profile profile;
    for (int i = 0; i < 3; ++i) {
        ran(profile, 0x100, 1);
        profile.call(0x201, 0x105, top);
        ran(profile, 0x200, 10);
        profile.jump(0x210, top - 8);
        ran(profile, 0x210, 2);
        profile.jump(0x105, top);
        ran(profile, 0x104, 1);
    }
    expect_exact(profile, 42);
    EXPECT_EQUAL(profile.nodes().size(), 3);
    EXPECT_EQUAL(node_of(profile, 0x200)->calls, 3);
    EXPECT_EQUAL(cycles_of(profile, 0x200), 36);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 6);
}

TEST(a_branch_to_the_return_address_within_a_recursion_is_no_return) {
    Profile profile;
    ran(profile, 0x100, 1);
    profile.call(0x200, 0x104, top);
    ran(profile, 0x200, 1);
    profile.call(0x200, 0x208, top - 8);
    ran(profile, 0x200, 1);
    profile.jump(0x208, top - 16);      // still in the inner call
    ran(profile, 0x208, 5);
    profile.jump(0x208, top - 8);       // now it returns
    ran(profile, 0x208, 1);
    profile.jump(0x104, top);
    ran(profile, 0x104, 1);
    EXPECT_EQUAL(profile.nodes().size(), 4);
    EXPECT_EQUAL(sum(profile.nodes()[3].cycles), 6);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 2);
}

TEST(longjmp_drops_the_calls_that_it_leaves) {
    Profile profile;
    ran(profile, 0x100, 1);
    profile.call(0x200, 0x104, top);
    ran(profile, 0x200, 1);
    profile.call(0x300, 0x204, top - 16);
    ran(profile, 0x300, 1);
    profile.jump(0x110, top + 8);
    ran(profile, 0x110, 7);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 8);
}

TEST(a_jump_into_another_function_is_a_tail_call) {
    Profile profile;
    profile.set_functions({{0x100, 0x180}, {0x200, 0x280}, {0x300, 0x380}});
    ran(profile, 0x110, 1);
    profile.call(0x200, 0x114, top);
    ran(profile, 0x200, 1);
    profile.jump(0x300, top);
    ran(profile, 0x300, 9);
    profile.jump(0x114, top);
    ran(profile, 0x114, 1);
    EXPECT_EQUAL(cycles_of(profile, 0x300), 9);
    EXPECT_EQUAL(parent_function(profile, 0x300), 0x100);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 2);
    EXPECT_EQUAL(node_of(profile, 0x300)->calls, 1);
}

TEST(an_exception_is_a_root_of_its_own_and_its_cost_its_own) {
    Profile profile;
    ran(profile, 0x100, 1);
    profile.call(0x200, 0x104, top);
    ran(profile, 0x200, 1);
    enter(profile, 15, 0x401, 12, top - 40);
    ran(profile, 0x400, 2);
    profile.call(0x500, 0x404, top - 40);
    ran(profile, 0x500, 3);
    enter(profile, 20, 0x601, 12, top - 80);
    ran(profile, 0x600, 1);
    leave(profile, 10, top - 80, 0x502);
    ran(profile, 0x502, 3);
    profile.jump(0x404, top - 40);
    ran(profile, 0x404, 1);
    leave(profile, 10, top - 40, 0x202);
    ran(profile, 0x202, 1);
    profile.jump(0x104, top);
    ran(profile, 0x104, 1);
    expect_exact(profile, 58);
    EXPECT_EQUAL(cycles_of(profile, 0x400, Kind::exception), 25);
    EXPECT_EQUAL(cycles_of(profile, 0x600, Kind::exception), 23);
    EXPECT_EQUAL(cycles_of(profile, 0x500), 6);
    EXPECT_EQUAL(cycles_of(profile, 0x200), 2);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 2);
    EXPECT_EQUAL(node_of(profile, 0x400, Kind::exception)->parent, 0);
}

TEST(threads_keep_their_calls_when_an_exception_switches_them) {
    constexpr uint32_t stack_a = 0x2000'1000, stack_b = 0x2000'2000;
    Profile profile;
    ran(profile, 0x100, 1);                                     // thread A, in a call
    profile.call(0x200, 0x104, stack_a);
    ran(profile, 0x200, 1);
    enter(profile, 14, 0x400, 12, stack_a - 32);
    ran(profile, 0x400, 1);
    leave(profile, 10, stack_b - 32, 0x300);           // thread B begins
    ran(profile, 0x300, 4);
    profile.call(0x500, 0x304, stack_b);
    ran(profile, 0x500, 1);
    enter(profile, 14, 0x400, 12, stack_b - 64);
    ran(profile, 0x400, 1);
    leave(profile, 10, stack_a - 32, 0x202);           // A goes on in its call
    ran(profile, 0x202, 1);
    profile.jump(0x104, stack_a);
    ran(profile, 0x104, 1);
    enter(profile, 14, 0x400, 12, stack_a - 32);
    ran(profile, 0x400, 1);
    leave(profile, 10, stack_b - 64, 0x502);           // and B in its own
    ran(profile, 0x502, 1);
    profile.jump(0x304, stack_b);
    ran(profile, 0x304, 4);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 2);
    EXPECT_EQUAL(cycles_of(profile, 0x200), 2);
    EXPECT_EQUAL(cycles_of(profile, 0x300), 8);
    EXPECT_EQUAL(cycles_of(profile, 0x500), 2);
    EXPECT_EQUAL(node_of(profile, 0x400, Kind::exception)->calls, 3);
}

TEST(tail_chained_handlers_share_one_frame) {
    Profile profile;
    ran(profile, 0x100, 1);
    enter(profile, 16, 0x400, 12, top - 32);
    ran(profile, 0x400, 1);
    leave(profile, 0, top - 32, 0x102);
    enter(profile, 17, 0x600, 6, top - 32);
    ran(profile, 0x600, 1);
    leave(profile, 10, top - 32, 0x102);
    ran(profile, 0x102, 1);
    expect_exact(profile, 32);
    EXPECT_EQUAL(cycles_of(profile, 0x600, Kind::exception), 17);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 2);
}

TEST(sleep_belongs_to_its_instruction_and_to_a_node_below_the_sleeper) {
    Profile profile;
    ran(profile, 0x100, 1);
    profile.sleep(0x100, 1'000'001);
    ran(profile, 0x102, 1);
    expect_exact(profile, 1'000'002);
    EXPECT_EQUAL(cycles_of(profile, 0x100, Kind::sleep), 1'000'000);
    EXPECT_EQUAL(profile.instructions()[0].row->cycles[static_cast<size_t>(Cause::sleep)], 1'000'000);
}

TEST(a_reset_forgets_open_calls) {
    Profile profile;
    ran(profile, 0x100, 1);
    profile.call(0x200, 0x104, top);
    ran(profile, 0x200, 1);
    profile.restart_core();
    ran(profile, 0x100, 1);
    EXPECT_EQUAL(cycles_of(profile, 0x100), 2);
    EXPECT_EQUAL(profile.nodes().size(), 3);
}

TEST(endless_recursion_stays_bounded) {
    Profile profile(0, 100);
    ran(profile, 0x100, 1);
    for (uint32_t i = 0; i < 20'000; ++i) {
        profile.call(0x100, 0x104, top - 8 * i);
        ran(profile, 0x100, 1);
    }
    expect_exact(profile, 20'001);
    EXPECT_EQUAL(profile.nodes().size(), Profile::deepest_node + 1);
}

TEST(the_time_line_nests_and_stops_at_its_limit_closed) {
    Profile profile(500, 21);
    ran(profile, 0x100, 1);
    for (int i = 0; i < 20; ++i) {
        profile.call(0x200, 0x104, top);
        ran(profile, 0x200, 1);
        profile.jump(0x104, top);
        ran(profile, 0x104, 1);
    }
    int64_t depth = 0, last = 500;
    for (const auto& event : profile.time_line()) {
        depth += event.is_enter ? 1 : -1;
        EXPECT_EQUAL(depth >= 0 && event.cycle >= last, true);
        last = event.cycle;
    }
    EXPECT_EQUAL(depth, 0);
    EXPECT_EQUAL(profile.time_line().front().cycle, 500);
    EXPECT_EQUAL(profile.time_line().size() <= 21, true);
    EXPECT_EQUAL(profile.dropped_events() > 0, true);
    EXPECT_EQUAL(profile.time_line_end(), last);
}

int main(int count, char** names) { return bench::run(count, names); }
