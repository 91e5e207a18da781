// The STM32F4 DMA between memories: times by the terms of AN4031, packing, bursts, what the CPU and it cost each other.
// A word from SRAM takes the peripheral port 4 cycles (tPA, tPAC, tBMA, tEDT); a word to SRAM takes the memory port 4,
// or 3 when nobody else had that SRAM since (tMA, tMAC, tBMA or nothing, tSRAM).
#include "stm32_dma_bench.h"

using namespace bench;

namespace {
constexpr MasterId dma2_peripheral = 4;      // behind the CPU's two and those of DMA1
constexpr uint32_t words = memory_to_memory | PINC | MINC | psize(4) | msize(4) | TCIE;
}

TEST(four_words_to_another_bank_fill_the_fifo_and_then_drain_it) {
    DmaBench t;
    t.fill(sram1, 16);
    t.program(*t.dma2, 0, sram1, sram2, 4, words, fifo(4));
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 4 * 4 + 4 + 3 * 3);
    EXPECT_EQUAL(t.word(sram2), 0x04030201);
    EXPECT_EQUAL(t.word(sram2 + 12), 0x100F0E0D);
    EXPECT_EQUAL(t.flags(*t.dma2, 0), TCIF | HTIF);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, 0);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 4), 0);
    EXPECT(!t.bus.matrix.is_active(*t.bus.matrix.slave("sram1")));
}

TEST(a_copy_of_nothing_waits_for_nothing) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 0, words, fifo(4));
    t.scheduler.run_until(100 * cycle);
    EXPECT_EQUAL(t.scheduler.next_due(), tinysim::never);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, EN);
}

TEST(with_the_lowest_threshold_each_word_follows_its_read) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 4, words, fifo(1));
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 4 * 4 + 3);
}

TEST(a_long_transfer_takes_four_cycles_for_a_word) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 1000, words, fifo(1));
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 1000 * 4 + 3);
}

TEST(the_second_half_has_its_own_interrupt_and_record) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 100, words | HTIE, fifo(1));
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 50 * 4 + 3);
    EXPECT_EQUAL(t.flags(*t.dma2, 0), HTIF);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 4), 50);
    t.clear(*t.dma2, 0);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 100 * 4 + 3);
    EXPECT_EQUAL(t.recorder.transfers.size(), 2);
    EXPECT_EQUAL(t.recorder.transfers[0].end, (50 * 4 + 3) * cycle);
    EXPECT_EQUAL(t.recorder.transfers[0].bytes, 200);
    EXPECT_EQUAL(t.recorder.transfers[1].address, sram2 + 200);
}

TEST(bytes_are_packed_into_words_and_words_unpacked_into_bytes) {
    DmaBench t;
    t.fill(sram1, 8);
    t.program(*t.dma2, 1, sram1, sram2, 8, memory_to_memory | PINC | MINC | psize(1) | msize(4) | TCIE, fifo(1));
    // The last of four bytes is there at 16 and 32; a word follows in 4, then in 3 cycles.
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 1), 8 * 4 + 3);
    EXPECT_EQUAL(t.word(sram2 + 4), 0x08070605);
    const Tick start = t.scheduler.now() / cycle;
    t.clear(*t.dma2, 1);
    t.program(*t.dma2, 1, sram1, sram2 + 0x100, 2, memory_to_memory | PINC | MINC | psize(4) | msize(1) | TCIE, fifo(1));
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 1) - start, 4 + 4 + 7 * 3);       // nobody watched the bank in between
    EXPECT_EQUAL(t.word(sram2 + 0x104), 0x08070605);
}

TEST(a_burst_of_four_holds_the_slave_for_four_cycles) {
    DmaBench t;
    t.fill(sram1, 32);
    t.program(*t.dma2, 0, sram1, sram2, 8, words | pburst(1) | mburst(1), fifo(4));
    // Reads end at 7 and, when the first write burst has left room at 14, at 21; writes take 3 + 4, then 2 + 4.
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 7 + 7 + 7 + 6);
    EXPECT_EQUAL(t.word(sram2 + 28), 0x201F1E1D);
}

TEST(a_burst_that_does_not_fit_the_threshold_is_a_fifo_error) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 8, words | mburst(1), fifo(3));
    EXPECT_EQUAL(t.flags(*t.dma2, 0), FEIF);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, 0);
}

TEST(an_odd_end_is_written_byte_exactly) {
    DmaBench t;
    t.fill(sram1, 8);
    t.program(*t.dma2, 0, sram1, sram2, 7, memory_to_memory | PINC | MINC | psize(1) | msize(4) | TCIE, fifo(2));
    EXPECT(t.run_to_interrupt(*t.dma2, 0) > 0);
    EXPECT_EQUAL(t.word(sram2 + 4), 0x00070605);
}

TEST(the_cpu_in_the_other_bank_waits_for_nothing) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram1 + 0x1000, 1000, words, fifo(1));
    for (Tick at = 10; at < 500; ++at) EXPECT_EQUAL(t.cpu_read(sram2, at), 0);
}

TEST(cpu_and_dma_in_one_bank_stall_each_other) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 100, words, fifo(1));
    // Reads take the SRAM in cycles 3, 7, 11: the CPU, which comes in the same cycle, waits for one.
    EXPECT_EQUAL(t.cpu_read(sram1, 2), 0);
    EXPECT_EQUAL(t.cpu_read(sram1, 3), 1);
    EXPECT_EQUAL(t.cpu_read(sram1, 6), 0);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 0), 100 * 4 + 3);
    const Slave& slave = *t.bus.matrix.slave("sram1");
    EXPECT_EQUAL(slave.stall_ticks[cpu_data_master][dma2_peripheral], cycle);
}

TEST(a_cpu_that_reads_in_each_cycle_makes_each_item_longer) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, sram2, 100, words, fifo(1));
    Tick at = 1;
    while (at < 2000 && !t.interrupt(*t.dma2, 0)) at += 1 + t.cpu_read(sram1, at);
    const Slave& slave = *t.bus.matrix.slave("sram1");
    EXPECT(slave.stall_ticks[cpu_data_master][dma2_peripheral] > 0);
    EXPECT(slave.stall_ticks[cpu_data_master][dma2_peripheral] <= 100 * cycle);
    EXPECT(at < 520);
}

TEST(the_cpu_sees_how_far_it_has_come) {
    DmaBench t;
    t.fill(sram1, 64);
    t.program(*t.dma2, 0, sram1, sram2, 16, words, fifo(1));
    t.cpu_read(sram2, 12);                          // writes took the slave in 7, 10
    EXPECT_EQUAL(t.word(sram2 + 4), 0x08070605);
    EXPECT_EQUAL(t.word(sram2 + 8), 0);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 4), 13);
}

TEST(memory_to_a_port_on_ahb_takes_four_cycles_for_a_byte) {
    DmaBench t;
    t.fill(sram1, 64);
    t.program(*t.dma2, 0, sram1, ahb_register, 16, memory_to_memory | PINC | psize(4) | msize(1) | TCIE, fifo(4));
    EXPECT(t.run_to_interrupt(*t.dma2, 0) > 0);
    EXPECT_EQUAL(t.device.times.size(), 64);
    EXPECT_EQUAL(t.device.times[40] - t.device.times[20], 20 * 4 * cycle);
    EXPECT_EQUAL(t.device.written[63], 64);
}

TEST(of_two_streams_the_higher_priority_goes_first_and_then_the_lower_number) {
    DmaBench t;
    t.program(*t.dma2, 3, sram1, sram2, 50, words, fifo(1));
    t.program(*t.dma2, 2, sram1, sram2 + 0x400, 50, words, fifo(1));
    t.program(*t.dma2, 5, sram1, sram2 + 0x800, 50, words | priority(3), fifo(1));
    const Tick third = t.run_to_interrupt(*t.dma2, 5), first = t.run_to_interrupt(*t.dma2, 2), second = t.run_to_interrupt(*t.dma2, 3);
    EXPECT(third > 0 && third < first && first < second);
    EXPECT(second >= 150 * 4 && second < 150 * 4 + 10);
}

// It is not looked at again and again until the port is free.
TEST(a_copy_that_waits_behind_a_slow_register_has_few_events) {
    DmaBench t;
    t.bus.matrix.slave("apb2")->apb_cycle_ticks = 10'000 * cycle;
    t.program(*t.dma2, 0, apb2_register, sram1, 4, memory_to_memory | MINC | psize(4) | msize(4) | priority(3) | TCIE, fifo(1));
    t.program(*t.dma2, 1, sram1 + 0x100, sram2, 4, words, fifo(1));
    int events = 0;
    for (; t.scheduler.next_due() <= 200'000 * cycle && events < 1000; ++events) t.scheduler.run_until(t.scheduler.next_due());
    EXPECT(events < 50);
    EXPECT(t.interrupt(*t.dma2, 0));
    EXPECT(t.interrupt(*t.dma2, 1));
}

TEST(a_stop_lets_what_is_in_the_fifo_out) {
    DmaBench t;
    t.fill(sram1, 255);
    t.program(*t.dma2, 0, sram1, sram2, 50, words, fifo(4));
    t.run_to(13);
    t.set(*t.dma2, 0, 0, words);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, EN);    // the read under way still ends
    EXPECT(t.run_to_interrupt(*t.dma2, 0) > 0);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, 0);
    EXPECT_EQUAL(t.flags(*t.dma2, 0), TCIF);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 4), 46);
    EXPECT_EQUAL(t.word(sram2 + 12), 0x100F0E0D);
    EXPECT_EQUAL(t.word(sram2 + 16), 0);
}

TEST(dma1_cannot_read_memory_on_its_peripheral_port) {
    DmaBench t;
    t.program(*t.dma1, 0, sram1, sram2, 4, words | TEIE, fifo(1));
    EXPECT_EQUAL(t.flags(*t.dma1, 0), TEIF);
    EXPECT(t.interrupt(*t.dma1, 0));
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(ccm_is_a_transfer_error_and_the_stream_stays_off_until_it_is_cleared) {
    DmaBench t;
    t.program(*t.dma2, 0, sram1, ccm, 4, words | TEIE, fifo(1));
    t.run_to(100);
    EXPECT_EQUAL(t.flags(*t.dma2, 0), TEIF);
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, 0);
    EXPECT(t.recorder.warnings[0].text.find("M0AR 0x10000000") != std::string::npos);
    t.program(*t.dma2, 0, sram1, sram2, 4, words, fifo(1));
    EXPECT_EQUAL(t.get(*t.dma2, 0, 0) & EN, 0);
    t.clear(*t.dma2, 0);
    t.program(*t.dma2, 0, sram1, sram2, 4, words, fifo(1));
    EXPECT(t.run_to_interrupt(*t.dma2, 0) > 0);
}

int main(int count, char** names) { return run(count, names); }
