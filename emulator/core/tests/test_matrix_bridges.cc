// What lies behind the bus matrix without a CPU: bridges, the write buffer, AHB devices, bit-band aliases.
#include "matrix_bench.h"

using namespace bench;
using namespace tinysim;

TEST(a_bridge_read_waits_for_the_edge_of_the_slow_clock) {
    for (Tick at : {3, 4, 5, 6}) {                  // the address phase ends one cycle later; edges at multiples of 4
        Chip t{false};
        EXPECT_EQUAL(t.read(apb, 100 * 4 + at), 4 + (at == 3 ? 0 : 7 - at));
    }
    Chip t{false};
    t.matrix.timing.apb_waits_for_edge = 0;
    for (Tick at : {100, 201, 302, 403}) EXPECT_EQUAL(t.read(apb, at), 4);
}

TEST(two_apb_cycles_at_a_quarter_and_at_full_speed) {
    Chip t{true};
    t.matrix.timing.apb_read_cycles = 2;
    EXPECT_EQUAL(t.read(apb, 3), 8);
    t.matrix.slave("apb")->apb_cycle_ticks = cycle;
    EXPECT_EQUAL(t.read(apb, 103), 2);
}

TEST(a_posted_write_is_free_until_something_follows) {
    Chip t{false};
    EXPECT_EQUAL(t.write(apb, 3), 0);               // out at the end of cycle 8: 4 APB + 1 bridge cycles from 4 on
    EXPECT_EQUAL(t.closed, 1);
    const Tick out = t.matrix.write_buffer_until() / cycle;
    EXPECT_EQUAL(out, 8);
    EXPECT_EQUAL(t.read(ram0, 4), out - 4);         // any access waits
    EXPECT_EQUAL(t.read(ram0, 9), 0);
}

TEST(a_read_back_drains_the_write_first) {
    Chip t{false};
    t.write(apb, 3);
    EXPECT_EQUAL(t.read(apb, 4), 4 + 7);            // until 8, then from 9 to the edge at 12, 4, and 1, less one
    Chip later{false};
    later.write(apb, 3);
    EXPECT_EQUAL(later.read(apb, 20), 7);
}

TEST(two_writes_to_the_bridge_serialise) {
    Chip t{false};
    EXPECT_EQUAL(t.write(apb, 3), 0);
    EXPECT_EQUAL(t.write(apb, 4), 4);
    EXPECT_EQUAL(t.closed, 2);
}

TEST(a_write_that_is_not_posted_holds_the_cpu) {
    Chip t{false};
    t.matrix.timing.apb_write_posted = 0;
    EXPECT_EQUAL(t.write(apb, 3), 4);
    EXPECT_EQUAL(t.read(ram0, 8), 0);
}

TEST(a_store_behind_a_stream_holds_up_only_what_follows_and_names_the_stream) {
    Chip t{true};
    Stream dma{t.matrix, "dma", *t.matrix.slave("ram0"), 0, 0};
    EXPECT_EQUAL(t.write(ram0, 10), 0);
    EXPECT_EQUAL(t.write(ram0, 11), 0);             // waits one cycle in the buffer
    const AccessCost cost = t.access(ram1, false, 12);
    EXPECT_EQUAL(cost.cycles, 1);
    EXPECT_EQUAL(cost.contention, 1);
    EXPECT_EQUAL(cost.holder, dma.id);
}

TEST(cpu_and_dma_meet_at_a_bridge_behind_its_ahb_slave) {
    Chip t{true};
    t.matrix.slave("apb")->upstream = t.matrix.slave("ahb");
    const MasterId dma = t.matrix.add_master("dma1");
    t.matrix.slave("apb")->take(dma, 3 * cycle, 9 * cycle);      // on its direct way: until cycle 12
    const AccessCost cost = t.access(apb, false, 5);
    EXPECT_EQUAL(cost.contention, 7);
    EXPECT_EQUAL(cost.holder, dma);
    EXPECT_EQUAL(t.matrix.slave("ahb")->busy_until, t.matrix.slave("apb")->busy_until);
}

TEST(ahb_devices_cost_their_parameter) {
    Chip t{true};
    t.matrix.timing.ahb_read_cycles = 2;
    EXPECT_EQUAL(t.read(gpio, 10), 1);
    EXPECT_EQUAL(t.write(gpio, 20), 0);
    EXPECT_EQUAL(t.read(gpio, 21), 1);
}

TEST(a_bit_band_alias_names_its_bit) {
    Chip t{true};
    t.bus.add_bit_band();
    const Region* alias = t.bus.find(0x2200'0000 + 0x2001 * 32 + 7 * 4);
    EXPECT(alias != nullptr && alias->bit_band_base == ram0);
    const BitBandTarget byte = Bus::bit_band_target(*alias, 0x2200'0000 + 0x2001 * 32 + 7 * 4, 1);
    EXPECT_EQUAL(byte.address, ram0 + 0x2001);
    EXPECT_EQUAL(byte.bit, 7);
    const BitBandTarget word = Bus::bit_band_target(*alias, 0x2200'0000 + 0x2001 * 32 + 7 * 4, 4);
    EXPECT_EQUAL(word.address, ram0 + 0x2000);
    EXPECT_EQUAL(word.bit, 15);
}

TEST(a_bit_band_store_is_two_transfers_behind_the_buffer) {
    Chip t{true};
    const Region* region = t.bus.find(ram0);
    EXPECT_EQUAL(t.matrix.access(*region, ram0, true, 10 * cycle).cycles, 0);
    t.matrix.lengthen_write(*region, ram0);
    EXPECT_EQUAL(t.read(ram0, 11), 1);
    EXPECT_EQUAL(t.read(ram0, 13), 0);
}

int main(int count, char** names) { return run(count, names); }
