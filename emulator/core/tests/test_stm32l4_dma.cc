// The channel DMA of the STM32L4 and its DMAMUX on the bench. An item between SRAMs: arbitration 1, address 1, read 1, address 1,
// write 1; from an APB1 register at HCLK/4 the read is 1 + 2 * 4 cycles long.
#include "soc/stm32/dma_channels.h"
#include "soc/stm32/dmamux.h"
#include "stm32_dma_bench.h"

using namespace bench;

namespace {
namespace bits = stm32::dma_channel;
constexpr uint32_t ISR = 0x00, IFCR = 0x04, CSELR = 0xA8;
constexpr uint32_t words = 2 << 8 | 2 << 10, halves = 1 << 8 | 1 << 10, copy_words = bits::MEM2MEM | bits::PINC | bits::MINC | words;

struct L4Dma : DmaBench {
    stm32::ChannelDma dma{construction("dma", 0x4002'0000)};

    uint32_t get(uint32_t offset) { return dma.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { dma.write(offset, value, 4); }
    static uint32_t of(unsigned channel, uint32_t which) { return 0x08 + (channel - 1) * 0x14 + which; }
    void program(unsigned channel, uint32_t cpar, uint32_t cmar, uint32_t items, uint32_t ccr) {
        set(of(channel, 0x8), cpar);
        set(of(channel, 0xC), cmar);
        set(of(channel, 0x4), items);
        set(of(channel, 0x0), ccr | bits::EN);
    }
    bool irq(unsigned channel) { return dma.output(std::to_string(channel - 1))->level(); }
    Tick run_to_irq(unsigned channel) {
        while (!irq(channel) && scheduler.next_due() <= 100'000 * cycle) scheduler.run_until(scheduler.next_due());
        return irq(channel) ? scheduler.now() / cycle : -1;
    }
    void select(unsigned channel, unsigned value) {
        set(CSELR, value << (4 * (channel - 1)));
        device.request.connect(*dma.input((channel - 1) * 8 + value));
    }
    void request_at(Tick at) {
        run_to(at);
        device.request.pulse();
    }
};
}  // namespace

TEST(a_copy_takes_five_cycles_an_item) {
    L4Dma t;
    t.fill(sram1, 64);
    t.program(1, sram1, sram2, 16, copy_words | bits::TCIE);
    EXPECT_EQUAL(t.run_to_irq(1), 16 * 5);
    EXPECT_EQUAL(t.word(sram2 + 60), t.word(sram1 + 60));
    EXPECT_EQUAL(t.get(ISR), bits::GIF | bits::TCIF | bits::HTIF);
    EXPECT_EQUAL(t.get(L4Dma::of(1, 0)) & bits::EN, bits::EN);      // EN stays
    EXPECT_EQUAL(t.get(L4Dma::of(1, 4)), 0);
}

TEST(the_half_comes_at_half_and_flags_are_cleared) {
    L4Dma t;
    t.program(2, sram1, sram2, 10, copy_words | bits::HTIE);
    EXPECT_EQUAL(t.run_to_irq(2), 5 * 5);
    t.set(IFCR, bits::HTIF << 4);
    EXPECT(!t.irq(2));
    EXPECT_EQUAL(t.get(ISR), 0);
    t.run_to(10 * 5);
    EXPECT_EQUAL(t.get(ISR) >> 4, bits::GIF | bits::TCIF);
    t.set(IFCR, bits::GIF << 4);
    EXPECT_EQUAL(t.get(ISR), 0);
}

TEST(a_request_reads_the_register_and_then_writes_memory) {
    L4Dma t;
    t.select(6, 2);
    t.program(6, apb1_register, sram1, 2, bits::MINC | bits::TCIE | halves);
    t.request_at(100);
    t.run_to(110);
    EXPECT_EQUAL(t.device.times.size(), 0);
    t.run_to(111);                          // 1 + 1 + 1 + 8
    EXPECT_EQUAL(t.device.times.size(), 1);
    t.request_at(200);
    EXPECT_EQUAL(t.run_to_irq(6), 200 + 11 + 2);
    EXPECT_EQUAL(t.word(sram1), 0x00020001);
}

TEST(a_request_of_another_selection_does_nothing) {
    L4Dma t;
    t.select(6, 2);
    t.set(CSELR, 3 << 20);
    t.program(6, apb1_register, sram1, 2, bits::MINC);
    t.request_at(100);
    t.run_to(200);
    EXPECT_EQUAL(t.device.times.size(), 0);
}

TEST(memory_to_peripheral_is_written_at_its_pace) {
    L4Dma t;
    t.select(7, 2);
    t.fill(sram1, 4);
    t.program(7, apb1_register, sram1, 2, bits::DIR | bits::MINC | bits::TCIE);
    t.request_at(100);
    t.run_to(150);
    EXPECT_EQUAL(t.device.written.at(0), 1);
    t.request_at(200);
    EXPECT_EQUAL(t.run_to_irq(7), 200 + 1 + 2 + 1 + 9);
    EXPECT_EQUAL(t.device.written.at(1), 2);
}

TEST(circular_starts_over) {
    L4Dma t;
    t.select(1, 0);
    t.program(1, apb1_register, sram1, 2, bits::CIRC | bits::MINC | words);
    for (Tick at : {100, 200, 300}) t.request_at(at);
    t.run_to(400);
    EXPECT_EQUAL(t.word(sram1), 3);
    EXPECT_EQUAL(t.word(sram1 + 4), 2);
    EXPECT_EQUAL(t.get(L4Dma::of(1, 4)), 1);
}

TEST(items_are_cut_or_filled_with_zeroes) {
    L4Dma t;
    t.fill(sram1, 8);
    t.program(1, sram1, sram2, 2, bits::MEM2MEM | bits::PINC | bits::MINC | 0 << 8 | 2 << 10);
    t.run_to(50);
    (void)t.get(ISR);
    EXPECT_EQUAL(t.word(sram2), 1);
    EXPECT_EQUAL(t.word(sram2 + 4), 2);
    t.program(2, sram1, sram2, 2, bits::MEM2MEM | bits::PINC | bits::MINC | 2 << 8 | 0 << 10);
    t.run_to(100);
    (void)t.get(ISR);
    EXPECT_EQUAL(t.word(sram2), 0x0501);
}

TEST(the_higher_priority_goes_first_then_the_lower_number) {
    L4Dma t;
    t.program(1, sram1, sram2, 8, copy_words | bits::TCIE);
    t.program(3, sram1, sram2 + 64, 8, copy_words | bits::TCIE | 3 << 12);
    EXPECT_EQUAL(t.run_to_irq(3), 9 * 5);   // one item of channel 1 was under way
    EXPECT_EQUAL(t.run_to_irq(1), 16 * 5);
}

// It is not looked at again and again until the port is free.
TEST(a_copy_that_waits_behind_a_slow_register_has_few_events) {
    L4Dma t;
    t.bus.matrix.slave("apb1")->apb_cycle_ticks = 10'000 * cycle;
    t.program(1, apb1_register, sram1, 2, bits::MEM2MEM | bits::MINC | words | bits::TCIE);
    t.program(2, sram1 + 0x100, sram2, 4, copy_words | bits::TCIE);
    int events = 0;
    for (; t.scheduler.next_due() <= 100'000 * cycle && events < 1000; ++events) t.scheduler.run_until(t.scheduler.next_due());
    EXPECT(events < 50);
    EXPECT(t.irq(1));
    EXPECT(t.irq(2));
}

TEST(an_address_that_is_not_there_is_a_transfer_error) {
    L4Dma t;
    t.program(1, sram1, 0x6000'0000, 2, copy_words | bits::TEIE);
    t.run_to(50);
    EXPECT(t.irq(1));
    EXPECT_EQUAL(t.get(ISR), bits::GIF | bits::TEIF);
    EXPECT_EQUAL(t.get(L4Dma::of(1, 0)) & bits::EN, 0);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(registers_are_locked_while_the_channel_is_enabled) {
    L4Dma t;
    t.select(1, 0);
    t.program(1, apb1_register, sram1, 4, bits::MINC);
    t.set(L4Dma::of(1, 4), 99);
    t.set(L4Dma::of(1, 0), bits::EN | bits::CIRC);
    EXPECT_EQUAL(t.get(L4Dma::of(1, 4)), 4);
    EXPECT_EQUAL(t.get(L4Dma::of(1, 0)), bits::EN | bits::MINC);
}

TEST(a_copy_and_the_cpu_meet_at_the_sram) {
    L4Dma t;
    t.program(1, sram1, sram2, 100, copy_words | bits::TCIE);
    EXPECT_EQUAL(t.cpu_read(sram1, 1), 0);
    EXPECT_EQUAL(t.cpu_read(sram1, 2), 1);          // the first read takes it
    EXPECT_EQUAL(t.cpu_read(sram2, 3), 0);
    EXPECT_EQUAL(t.run_to_irq(1), 100 * 5);
    Tick at = 1000;
    t.run_to(at);
    t.program(2, sram1, sram1 + 0x400, 100, copy_words | bits::TCIE);
    while (at < 3000 && !t.irq(2)) at += 1 + t.cpu_read(sram1, at + 1);
    EXPECT(at > 1000 + 100 * 5);                    // a CPU that reads in each cycle makes items longer
    EXPECT(at < 1000 + 100 * 7 + 2);
}

TEST(the_block_is_recorded_by_halves) {
    L4Dma t;
    t.program(1, sram1, sram2, 16, copy_words | bits::TCIE);
    t.run_to_irq(1);
    EXPECT_EQUAL(t.recorder.transfers.size(), 2);
    EXPECT_EQUAL(t.recorder.transfers.at(1).bytes, 32);
    EXPECT_EQUAL(t.recorder.transfers.at(1).address, sram2 + 32);
}

TEST(the_last_item_is_told_to_the_block_that_asks_for_it) {
    L4Dma t;
    stm32::Dmamux mux{t.construction("dmamux", 0x4002'0800)};
    int told = 0;
    t.dma.output("LastItem18")->connect(*mux.input(128 + 3));
    mux.output("LastItem34")->connect([&](bool level) { told += level ? 1 : 0; });
    mux.write(0x0C, 34, 4);
    t.select(3, 2);
    t.program(3, apb1_register, sram1, 3, bits::DIR | bits::MINC);
    t.request_at(100);
    t.run_to(150);
    EXPECT_EQUAL(told, 0);
    t.request_at(200);
    t.run_to(250);
    EXPECT_EQUAL(told, 1);
    t.request_at(300);
    t.run_to(350);
    EXPECT_EQUAL(told, 1);
}

TEST(findings_name_the_register_once) {
    L4Dma t;
    for (Tick turn = 1; turn <= 2; ++turn) {
        t.program(2, sram1, 0x6000'0000, 4, copy_words);
        t.run_to(100 * turn);
        EXPECT_EQUAL(t.get(ISR), (bits::GIF | bits::TEIF) << 4);
    }
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
    EXPECT(t.recorder.warnings.at(0).text == "dma channel 2: CMAR2 0x60000000 is on no bus that a DMA reaches: ISR.TEIF2, the channel stops");
}

TEST(the_dmamux_leads_a_request_to_the_channel_that_asks_for_it) {
    L4Dma t;
    stm32::Dmamux mux{t.construction("dmamux", 0x4002'0800)};
    int pulses = 0;
    mux.output("3")->connect([&](bool level) { pulses += level ? 1 : 0; });
    t.device.request.connect(*mux.input(34));
    t.device.request.pulse();
    EXPECT_EQUAL(pulses, 0);
    mux.write(0x0C, 34, 4);
    t.device.request.pulse();
    EXPECT_EQUAL(pulses, 1);
}

TEST(a_generator_of_the_dmamux_asks_until_its_items_are_served) {
    L4Dma t;
    stm32::Dmamux mux{t.construction("dmamux", 0x4002'0800)};
    t.dma.output("Served2")->connect(*mux.input(192 + 2));
    mux.output("2")->connect(*t.dma.input(2 * 8));
    mux.write(0x08, 1, 4);
    mux.write(0x100, 5 | 1 << 16 | 1 << 17 | 3 << 19, 4);     // four items a rising edge of signal 5
    t.fill(sram1, 64);
    t.program(3, sram1, sram2, 10, bits::PINC | bits::MINC | words);
    const auto edge = [&] {
        (*mux.input(160 + 5))(true);
        (*mux.input(160 + 5))(false);
    };
    edge();
    t.run_to(200);
    EXPECT_EQUAL(t.get(L4Dma::of(3, 4)), 6);
    edge();
    edge();
    EXPECT_EQUAL(mux.read(0x140, 4), 1);
    t.run_to(400);
    EXPECT_EQUAL(t.get(L4Dma::of(3, 4)), 2);
}

int main(int count, char** names) { return run(count, names); }
