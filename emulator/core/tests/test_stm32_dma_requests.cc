// The STM32F4 DMA at the pace of a peripheral: times by the terms of AN4031, circular and double buffer, errors.
// From a request, DMA1 touches an APB1 register (HCLK/4) after tPA 1, tPAC 1, tBS 1 and tEDT 2 APB = 8: 11 cycles; DMA2 one
// on APB2 (HCLK/2) after 1 + 1 + 1 + 4 = 7; SRAM follows in tMA 1, tMAC 1, tBMA 1, tSRAM 1.
#include "stm32_dma_bench.h"

using namespace bench;

namespace {
constexpr uint32_t receive = to_memory | MINC | channel(4) | TCIE, transmit = from_memory | MINC | channel(4) | TCIE;

struct Paced : DmaBench {
    Paced() { connect(*dma1, 5, 4); }
    void request_at(Tick cycles) {
        run_to(cycles);
        device.request.pulse();
    }
};
}  // namespace

TEST(a_request_reads_the_register_and_then_writes_memory) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 1, receive | psize(2));
    t.request_at(100);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma1, 5), 100 + 11 + 4);
    EXPECT_EQUAL(t.device.times[0], (100 + 11) * cycle);
    EXPECT_EQUAL(t.word(sram1), 1);
    EXPECT_EQUAL(t.flags(*t.dma1, 5), TCIF | HTIF);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & EN, 0);
}

TEST(dma2_on_apb2_takes_seven_and_four) {
    Paced t;
    t.connect(*t.dma2, 2, 3);
    t.program(*t.dma2, 2, apb2_register, sram1, 1, to_memory | MINC | channel(3) | TCIE | psize(4));
    t.request_at(100);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma2, 2), 100 + 7 + 4);
}

TEST(a_request_of_another_channel_does_nothing) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 1, to_memory | MINC | channel(3));
    t.request_at(100);
    t.run_to(200);
    EXPECT_EQUAL(t.device.times.size(), 0);
}

TEST(a_level_asks_again_until_it_falls) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 3, receive);
    t.run_to(100);
    t.device.request.set(true);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma1, 5), 100 + 3 * 11 + 4);
    EXPECT_EQUAL(t.byte(sram1 + 2), 3);
}

TEST(a_request_that_waits_is_served_when_the_stream_is_enabled) {
    Paced t;
    t.device.drops_request = true;
    t.device.request.set(true);
    t.program(*t.dma1, 5, apb1_register, sram1, 2, receive);
    t.run_to(50);
    EXPECT_EQUAL(t.device.times.size(), 1);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 4), 1);
}

TEST(direct_mode_loads_one_item_before_it_is_asked_for) {
    Paced t;
    t.fill(sram1, 8);
    t.program(*t.dma1, 5, apb1_register, sram1, 3, transmit);
    t.run_to(50);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x14) >> 3 & 7, 0);          // one byte in the FIFO
    t.request_at(100);
    t.run_to(100 + 11);
    EXPECT_EQUAL(t.device.written.size(), 1);
    t.request_at(150);
    t.request_at(200);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma1, 5), 200 + 11);
    EXPECT_EQUAL(t.device.written[2], 3);
    EXPECT_EQUAL(t.recorder.transfers.back().to_memory, 0);
}

TEST(circular_mode_goes_on_with_half_and_full_interrupts) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 4, receive | HTIE | CIRC);
    uint32_t half = 0, full = 0;
    for (Tick i = 1; i <= 12; ++i) {
        t.request_at(i * 100);
        t.run_to(i * 100 + 50);
        half += (t.flags(*t.dma1, 5) & HTIF) != 0;
        full += (t.flags(*t.dma1, 5) & TCIF) != 0;
        t.clear(*t.dma1, 5);
    }
    EXPECT_EQUAL(half, 3);
    EXPECT_EQUAL(full, 3);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 4), 4);
    EXPECT_EQUAL(t.byte(sram1), 9);
    EXPECT_EQUAL(t.byte(sram1 + 3), 12);
    EXPECT_EQUAL(t.recorder.transfers.size(), 6);
}

TEST(double_buffer_mode_swaps_targets_and_lets_the_other_one_be_changed) {
    Paced t;
    t.set(*t.dma1, 5, 0x10, sram1 + 0x100);
    t.program(*t.dma1, 5, apb1_register, sram1, 2, receive | DBM);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & CIRC, CIRC);
    t.request_at(100);
    t.request_at(200);
    t.run_to(250);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & CT, CT);
    t.set(*t.dma1, 5, 0x0C, sram1 + 0x200);                     // M0AR, not current now
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x0C), sram1 + 0x200);
    for (Tick at : {300, 400, 500}) t.request_at(at);
    t.run_to(550);
    EXPECT_EQUAL(t.byte(sram1 + 1), 2);
    EXPECT_EQUAL(t.byte(sram1 + 0x100), 3);
    EXPECT_EQUAL(t.byte(sram1 + 0x200), 5);
    t.set(*t.dma1, 5, 0x0C, sram1);                             // the current one
    EXPECT_EQUAL(t.flags(*t.dma1, 5) & TEIF, TEIF);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & EN, 0);
}

TEST(fifo_mode_collects_up_to_the_threshold) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 8, receive | msize(4), fifo(2));
    for (Tick i = 1; i <= 7; ++i) t.request_at(i * 100);
    t.run_to(780);
    EXPECT_EQUAL(t.word(sram1), 0);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x14) >> 3 & 7, 1);
    t.request_at(800);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma1, 5), 800 + 11 + 4 + 4);
    EXPECT_EQUAL(t.word(sram1 + 4), 0x08070605);
}

TEST(one_request_moves_a_burst) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 8, receive | pburst(1) | psize(1) | msize(1), fifo(1));
    t.request_at(100);
    t.run_to(200);
    EXPECT_EQUAL(t.device.times.size(), 4);
    EXPECT_EQUAL(t.device.times[0], (100 + 3 + 4 * 8) * cycle);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 4), 4);
}

TEST(memory_to_peripheral_in_fifo_mode_reads_words_and_writes_bytes) {
    Paced t;
    t.fill(sram1, 16);
    t.program(*t.dma1, 5, apb1_register, sram1, 16, transmit | msize(4), fifo(4));
    t.run_to(50);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x14) >> 3 & 7, 5);          // full
    for (Tick i = 1; i <= 16; ++i) t.request_at(i * 100);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma1, 5), 1611);
    EXPECT_EQUAL(t.device.written[15], 16);
}

TEST(a_stop_ends_after_the_item_under_way) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 10, receive);
    t.request_at(100);
    t.run_to(105);
    t.set(*t.dma1, 5, 0, receive);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & EN, EN);
    EXPECT_EQUAL(t.run_to_interrupt(*t.dma1, 5), 100 + 11 + 4);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 4), 9);
    EXPECT_EQUAL(t.byte(sram1), 1);
}

TEST(registers_of_an_enabled_stream_are_locked) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 10, receive);
    t.set(*t.dma1, 5, 0x04, 3);
    t.set(*t.dma1, 5, 0x08, 0);
    t.set(*t.dma1, 5, 0x0C, 0);
    t.set(*t.dma1, 5, 0x14, 3);
    t.set(*t.dma1, 5, 0x00, (receive | EN | HTIE) & ~MINC);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x04), 10);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x08), apb1_register);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x0C), sram1);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x14), 4 << 3);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x00), receive | EN | HTIE);
}

TEST(the_peripheral_ends_a_transfer_under_its_own_flow_control) {
    Paced t;
    t.device.drops_request = true;
    t.program(*t.dma1, 5, apb1_register, sram1, 0, receive | PFCTRL | msize(4), fifo(4));
    EXPECT_EQUAL(t.get(*t.dma1, 5, 4), 0xFFFF);
    for (Tick i = 1; i <= 5; ++i) {
        t.run_to(i * 100);
        if (i == 5) (*t.dma1->input(64 + 5 * 8 + 4))(true);
        t.device.request.set(true);
    }
    EXPECT(t.run_to_interrupt(*t.dma1, 5) > 500);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 4), 0xFFFF - 5);
    EXPECT_EQUAL(t.byte(sram1 + 4), 5);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & EN, 0);
}

TEST(a_register_that_is_not_on_apb1_is_a_transfer_error_of_dma1) {
    Paced t;
    t.program(*t.dma1, 5, ahb_register, sram1, 10, receive | TEIE);
    t.request_at(10);
    EXPECT_EQUAL(t.flags(*t.dma1, 5), TEIF);
    EXPECT(t.interrupt(*t.dma1, 5));
}

TEST(a_second_request_before_memory_has_the_first_item_is_a_direct_mode_error_without_increment) {
    Paced t;
    t.connect(*t.dma1, 2, 4);
    t.program(*t.dma1, 5, apb1_register, sram1, 10, (receive & ~MINC) | DMEIE);
    t.run_to(100);
    t.bus.matrix.slave("sram1")->busy_until = 400 * cycle;      // someone holds the memory
    t.device.request.pulse();
    t.request_at(200);
    EXPECT_EQUAL(t.flags(*t.dma1, 5) & DMEIF, DMEIF);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0) & EN, EN);
}

TEST(requests_that_find_the_fifo_full_are_an_overrun) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 100, receive, FEIE);
    t.bus.matrix.slave("sram1")->busy_until = 40'000 * cycle;
    for (Tick i = 1; i <= 16; ++i) t.request_at(i * 100);
    t.run_to(1650);
    EXPECT_EQUAL(t.flags(*t.dma1, 5), 0);
    t.request_at(1700);
    EXPECT_EQUAL(t.flags(*t.dma1, 5), FEIF);
    EXPECT(t.interrupt(*t.dma1, 5));
}

TEST(a_beat_of_a_paced_stream_closes_the_windows_and_stalls_the_cpu_in_its_cycle_only) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 10, receive);
    t.request_at(100);
    t.run_to(112);
    EXPECT_EQUAL(t.windows_closed, 1);
    EXPECT_EQUAL(t.cpu_read(sram1, 113), 0);        // in front of the beat in cycle 114
    EXPECT_EQUAL(t.cpu_read(sram1, 114), 1);
    t.request_at(200);
    EXPECT_EQUAL(t.cpu_read(sram2, 214), 0);
}

TEST(cpu_and_dma_meet_at_the_bridge) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 10, receive);
    t.request_at(100);
    // The bridge is the DMA's from 102 to 111.
    const int32_t alone = t.cpu_read(apb1_register, 96);
    const int32_t together = t.cpu_read(apb1_register, 104);
    EXPECT(together >= alone + 5);
}

TEST(a_paced_stream_runs_beside_a_memory_copy_of_the_same_controller) {
    Paced t;
    t.connect(*t.dma2, 2, 3);
    t.program(*t.dma2, 0, sram1, sram2, 1000, memory_to_memory | PINC | MINC | psize(4) | msize(4) | TCIE, fifo(1));
    t.program(*t.dma2, 2, apb2_register, sram1 + 0x8000, 10, to_memory | MINC | channel(3) | TCIE | priority(2));
    for (Tick i = 1; i <= 10; ++i) t.request_at(i * 100);
    const Tick paced = t.run_to_interrupt(*t.dma2, 2), copy = t.run_to_interrupt(*t.dma2, 0);
    EXPECT(paced >= 1011 && paced <= 1011 + 8);
    EXPECT(copy >= 4003 + 10 * 7 && copy <= 4003 + 10 * 12);
    EXPECT_EQUAL(t.byte(sram1 + 0x8009), 10);
}

TEST(a_paced_stream_between_memories_moves_one_item_for_a_request) {
    Paced t;
    t.fill(sram2, 16);
    t.connect(*t.dma2, 3, 2);
    t.program(*t.dma2, 3, sram2, sram1, 4, channel(2) | PINC | MINC | psize(4) | msize(4));
    for (uint32_t items = 1; items <= 4; ++items) {
        t.request_at(100 * items);
        t.run_to(100 * items + 90);
        EXPECT_EQUAL(t.get(*t.dma2, 3, 0x04), 4 - items);
    }
    EXPECT_EQUAL(t.word(sram1 + 12), t.word(sram2 + 12));
    EXPECT_EQUAL(t.flags(*t.dma2, 3) & TCIF, TCIF);
}

TEST(what_is_cleared_by_reset) {
    Paced t;
    t.program(*t.dma1, 5, apb1_register, sram1, 10, receive);
    t.dma1->reset();
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0), 0);
    EXPECT_EQUAL(t.get(*t.dma1, 5, 0x14), 0x21);
    EXPECT(!t.bus.matrix.is_active(*t.bus.matrix.slave("apb1")));
}

int main(int count, char** names) { return run(count, names); }
