// The bus matrix without a CPU: arbitration, beats, windows, memory blocks, and who waited for whom.
#include "matrix_bench.h"
#include "soc/nrf/easy_dma.h"

using namespace bench;
using namespace tinysim;

TEST(memory_that_nobody_else_uses_costs_nothing) {
    Chip t{true};
    for (Tick at = 10; at < 14; ++at) EXPECT_EQUAL(t.read(ram0, at), 0);
    EXPECT_EQUAL(t.write(ram0, 14), 0);
    EXPECT_EQUAL(t.read(ram0, 15), 0);
    EXPECT_EQUAL(t.closed, 0);
}

TEST(round_robin_alternates_between_the_cpu_and_a_back_to_back_stream) {
    Chip t{true};
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram0"), 0, 0};
    Tick now = 10;
    int waited = 0;
    for (int i = 0; i < 8; ++i) {
        const AccessCost cost = t.access(ram0 + 4 * i, false, now);
        EXPECT_EQUAL(cost.cycles, cost.contention);
        EXPECT_EQUAL(cost.holder, cost.cycles == 0 ? 0 : dma.id);
        waited += cost.cycles;
        now += 1 + cost.cycles;
    }
    EXPECT_EQUAL(waited, 7);                        // the first finds the CPU's turn: the stream had the cycle before
    EXPECT_EQUAL(dma.made, 10 + 7);
    EXPECT_EQUAL(t.stalled("ram0", cpu_data_master, dma.id), 7);
    EXPECT_EQUAL(t.stalled("ram0", dma.id, cpu_data_master), 7);
}

TEST(two_streams_and_the_cpu_take_turns) {
    Chip t{true};
    Stream one{t.matrix, "one", *t.matrix.slave("ram0"), 0, 0}, two{t.matrix, "two", *t.matrix.slave("ram0"), 0, 0};
    Tick now = 100;
    for (int i = 0; i < 30; ++i) now += 1 + t.read(ram0, now);
    EXPECT(now >= 100 + 30 * 3 - 3 && now <= 100 + 30 * 3);
    const int before_one = one.made, before_two = two.made;
    for (int i = 0; i < 30; ++i) now += 1 + t.read(ram0, now);
    EXPECT_EQUAL(one.made - before_one, 30);
    EXPECT_EQUAL(two.made - before_two, 30);
}

TEST(two_streams_share_a_slave_that_the_cpu_leaves_alone) {
    Chip t{true};
    Stream one{t.matrix, "one", *t.matrix.slave("ram0"), 0, 0}, two{t.matrix, "two", *t.matrix.slave("ram0"), 0, 0};
    t.read(ram0, 100);
    EXPECT_EQUAL(one.made + two.made, 101);
    EXPECT(std::abs(one.made - two.made) <= 1);
}

TEST(with_fixed_priority_the_cpu_never_waits_for_a_stream_and_the_stream_waits) {
    Chip t{false};
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram0"), 0, 0};
    for (Tick at = 10; at < 20; ++at) EXPECT_EQUAL(t.read(ram0, at), 0);
    EXPECT_EQUAL(dma.made, 10);
    EXPECT_EQUAL(t.read(ram0, 21), 0);
    EXPECT_EQUAL(dma.made, 11);
    EXPECT_EQUAL(t.stalled("ram0", cpu_data_master, dma.id), 0);
    EXPECT(t.stalled("ram0", dma.id, cpu_data_master) >= 1);
}

TEST(another_bank_is_not_disturbed) {
    Chip t{true};
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram1"), 0, 0};
    for (Tick at = 10; at < 20; ++at) EXPECT_EQUAL(t.read(ram0, at), 0);
    EXPECT_EQUAL(t.stalled("ram0", cpu_data_master, dma.id), 0);
}

TEST(the_alias_meets_the_same_bank) {
    Chip t{true};
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram1"), 0, 0};
    t.read(code_ram + 0x2000, 10);
    EXPECT_EQUAL(t.read(code_ram + 0x2004, 11), 1);
    EXPECT_EQUAL(t.read(code_ram, 13), 0);
}

TEST(a_fetch_waits_for_a_stream_as_data_does) {
    Chip t{true};
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram0"), 0, 0};
    t.matrix.fetch(*t.bus.find(ram0), ram0, 10 * cycle);
    const AccessCost cost = t.matrix.fetch(*t.bus.find(ram0), ram0 + 4, 11 * cycle);
    EXPECT_EQUAL(cost.contention, 1);
    EXPECT_EQUAL(t.stalled("ram0", cpu_fetch_master, dma.id), 1);
}

TEST(the_cpu_overtakes_a_beat_in_its_cycle_and_the_beat_waits) {
    Chip t{false};
    const MasterId uart = t.matrix.add_master("uart0");
    t.matrix.beat(uart, ram0 + 8, 10 * cycle - 3);              // takes the next whole cycle
    EXPECT_EQUAL(t.closed, 1);
    EXPECT_EQUAL(t.read(ram0, 10), 0);
    EXPECT_EQUAL(t.read(ram0, 11), 0);
    EXPECT_EQUAL(t.read(ram0, 13), 0);
    EXPECT_EQUAL(t.read(ram0, 14), 0);
    EXPECT_EQUAL(t.stalled("ram0", uart, cpu_data_master), 2);
    EXPECT_EQUAL(t.stalled("ram0", cpu_data_master, uart), 0);
    EXPECT_EQUAL(t.closed, 3);
}

TEST(of_two_beats_in_one_cycle_the_higher_priority_goes_first) {
    Chip t{false};
    t.matrix.set_priority("twi0", 1);
    t.matrix.set_priority("uart0", 2);
    const MasterId uart = t.matrix.add_master("uart0"), twi = t.matrix.add_master("twi0");
    t.matrix.beat(uart, ram0, 10 * cycle);
    t.matrix.beat(twi, ram0, 10 * cycle);
    EXPECT_EQUAL(t.stalled("ram0", uart, twi), 1);
    EXPECT_EQUAL(t.stalled("ram0", twi, uart), 0);
}

TEST(easy_dma_makes_a_beat_for_each_word_that_it_gathers) {
    struct CountingRam : Ram {
        std::vector<uint32_t> beats;
        void beat(MasterId, uint32_t address, Tick) override { beats.push_back(address - ram_base); }
    };
    for (int64_t beat_bytes : {1, 4}) {
        Bench t;
        CountingRam ram;
        Construction all{.name = "uart0", .chip = {{"easy_dma_beat_bytes", beat_bytes}}, .scheduler = t.scheduler,
                         .recorder = t.recorder, .dma = ram, .system = t.requests, .fabric = t.fabric};
        nrf::EasyDma dma{all, nrf::EasyDma::Direction::to_memory};
        dma.write_register(0x0, ram_base + 2);
        dma.write_register(0x4, 7);
        EXPECT(dma.start());
        for (int i = 0; i < 7; ++i) dma.put(1);
        EXPECT(ram.beats == (beat_bytes == 1 ? std::vector<uint32_t>{2, 3, 4, 5, 6, 7, 8} : std::vector<uint32_t>{2, 4, 8}));
    }
}

TEST(windows_close_while_a_stream_is_active_and_open_behind_it) {
    Chip t{true};
    EXPECT(t.is_open(ram0) && t.is_open(code_ram));
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram1"), 0, 0};
    EXPECT(!t.is_open(ram0) && !t.is_open(code_ram) && t.is_open(0));
    t.matrix.end_activity(dma, dma.slave);
    EXPECT(t.is_open(ram0) && t.is_open(code_ram));
}

TEST(an_open_window_tells_the_block_that_loads_count_on) {
    Chip t{true};
    EXPECT_EQUAL(t.block_of(ram0), 0);
    for (const char* bank : {"ram0", "ram1"}) t.matrix.slave(bank)->block = 1;      // both in one page
    t.matrix.timing.pairs_across_blocks = 0;
    t.bus.map_slaves();
    EXPECT(t.is_open(ram0));
    EXPECT_EQUAL(t.block_of(ram0), 1);
    EXPECT_EQUAL(t.access(ram1, false, 10).block, 1);
}

TEST(a_local_slave_has_a_block_and_is_out_of_reach_of_dma) {
    Chip t{true};
    t.matrix.add_slave("ccm", 0x1000'0000, 0x1000'FFFF, 2, SlaveKind::local);
    Memory& ccm = t.bus.add_memory(std::make_unique<Memory>("ccm", 0x1'0000, MemoryKind::ram, 0));
    t.bus.add({.start = 0x1000'0000, .last = 0x1000'FFFF, .name = "ccm", .memory = &ccm});
    EXPECT_EQUAL(t.access(0x1000'0000, false, 10).block, 2);
    EXPECT(t.matrix.slave_at(0x1000'0000) == nullptr);
    EXPECT(t.bus.target(0x1000'0010).slave == nullptr);
    EXPECT(t.bus.target(0x1000'0010).memory == &ccm);
    EXPECT_EQUAL(t.bus.target(ram1 + 4).offset, 0x2004);
}

TEST(stalls_come_back_from_a_snapshot) {
    Chip t{true};
    Scheduler scheduler{1000};
    {
        Stream dma{t.matrix, "dma", *t.matrix.slave("ram0"), 0, 0};
        t.read(ram0, 10);
        t.read(ram0, 11);
        t.matrix.end_activity(dma, dma.slave);
    }
    Snapshot snapshot;
    Archive out{snapshot, nullptr, scheduler};
    t.matrix.state(out);
    out.finish();
    const size_t rows = t.matrix.stalls().size();
    const int64_t waited = t.stalled("ram0", cpu_data_master, 2);
    EXPECT(waited == 1 && rows == 2);
    t.read(ram0, 12);
    t.matrix.slave("ram0")->stall_ticks = {};
    Archive in{snapshot, scheduler};
    t.matrix.state(in);
    EXPECT_EQUAL(t.matrix.stalls().size(), rows);
    EXPECT_EQUAL(t.stalled("ram0", cpu_data_master, 2), waited);
}

int main(int count, char** names) { return run(count, names); }
