// USART and LPUART of the STM32L4 on the bench: bit times, flags and ICR, FIFO, errors, time-outs, DMA requests. At 4 MHz BRR 40
// is 100000 baud: a frame of ten bits is 400 clocks.
#include "soc/stm32/usart_v2.h"
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32l4;

namespace {

enum : uint32_t { CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, BRR = 0x0C, RTOR = 0x14, RQR = 0x18, ISR = 0x1C, ICR = 0x20, RDR = 0x24, TDR = 0x28, PRESC = 0x2C };
enum : uint32_t {
    PE = 1, FE = 2, NE = 4, ORE = 8, IDLE = 16, RXNE = 32, TC = 64, TXE = 128, RTOF = 1 << 11, BUSY = 1 << 16, CMF = 1 << 17, SBKF = 1 << 18,
    TEACK = 1 << 21, REACK = 1 << 22, TXFE = 1 << 23, RXFF = 1 << 24, RXFT = 1 << 26, TXFT = 1 << 27
};
constexpr uint32_t UE = 1, RE = 4, TE = 8, RXNEIE = 1 << 5, FIFOEN = 1 << 29;
constexpr Tick bit = 40 * at_4_mhz, frame = 10 * bit;

struct Uart : L4Chip {
    tinysim::stm32::UsartV2 usart;
    explicit Uart(uint32_t cr1, bool is_low_power = false, uint32_t cr2 = 0)
        : usart(construction("usart", {{"gate", 0x5C00}, {"clockSelection", 10}, {"fifo", 1}, {"lowPowerMode", is_low_power}}, {{"rcc", &rcc}})) {
        rcc_set(APB1ENR2, 1);
        set(BRR, is_low_power ? 40 * 256 : 40);
        set(CR2, cr2);
        set(CR1, cr1);
    }
    uint32_t get(uint32_t offset) { return usart.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { usart.write(offset, value, 4); }
    void host_sends(const std::string& text) { usart.receive({reinterpret_cast<const uint8_t*>(text.data()), text.size()}); }
    bool irq() { return usart.output("IRQ")->level(); }
    size_t sent() const { return recorder.uart_bytes.size(); }
};

}  // namespace

TEST(te_and_re_are_acknowledged_and_an_idle_frame_comes_first) {
    Uart u(UE | TE | RE);
    EXPECT_EQUAL(u.get(ISR), TEACK | REACK | TXE | TC);
    u.set(TDR, 'a');
    EXPECT_EQUAL(u.get(ISR) & (TXE | TC), 0);
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ISR) & (TXE | TC), TXE);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.recorder.uart_bytes.at(0).at, 2 * frame);
    EXPECT_EQUAL(u.get(ISR) & TC, TC);
}

TEST(tc_goes_by_icr_or_a_write_to_tdr) {
    Uart u(UE | TE);
    u.run_to(2 * frame);
    u.set(ICR, TC);
    EXPECT_EQUAL(u.get(ISR) & TC, 0);
    u.set(TDR, 'a');
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(ISR) & TC, TC);
}

TEST(received_bytes_come_at_the_baud_rate_with_interrupt) {
    Uart u(UE | RE | RXNEIE);
    u.host_sends("xy");
    EXPECT_EQUAL(u.get(ISR) & BUSY, BUSY);
    u.run_to(frame - 1);
    EXPECT(!u.irq());
    u.run_to(frame);
    EXPECT(u.irq());
    EXPECT_EQUAL(u.get(RDR), 'x');
    EXPECT(!u.irq());
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(RDR), 'y');
}

TEST(an_unread_byte_makes_an_overrun_which_icr_clears) {
    Uart u(UE | RE | RXNEIE);
    u.host_sends("xyz");
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(ISR) & (ORE | RXNE), ORE | RXNE);
    EXPECT_EQUAL(u.get(RDR), 'x');
    EXPECT(u.irq());                        // ORE
    u.set(ICR, ORE);
    EXPECT(!u.irq());
    EXPECT_EQUAL(u.recorder.counter("usart.overruns"), 2);
}

TEST(with_ovrdis_the_newest_byte_stays) {
    Uart u(0);
    u.set(CR3, 1 << 12);
    u.set(CR1, UE | RE);
    u.host_sends("xyz");
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(ISR) & ORE, 0);
    EXPECT_EQUAL(u.get(RDR), 'z');
}

TEST(the_fifo_takes_nine_with_rdr_and_has_thresholds) {
    Uart u(UE | RE | FIFOEN);
    u.set(CR3, 2u << 25 | 1u << 28);        // half of it
    u.host_sends("123456789A");
    u.run_to(4 * frame - 1);
    EXPECT_EQUAL(u.get(ISR) & RXFT, 0);
    u.run_to(4 * frame);
    EXPECT_EQUAL(u.get(ISR) & RXFT, RXFT);
    EXPECT(u.irq());
    u.run_to(9 * frame);
    EXPECT_EQUAL(u.get(ISR) & (RXFF | ORE), RXFF);
    u.run_to(10 * frame);
    EXPECT_EQUAL(u.get(ISR) & ORE, ORE);
    for (char wanted = '1'; wanted <= '9'; ++wanted) EXPECT_EQUAL(u.get(RDR), wanted);
    EXPECT_EQUAL(u.get(ISR) & RXNE, 0);
}

TEST(the_transmit_fifo_takes_eight_and_says_when_it_is_empty) {
    Uart u(UE | TE | FIFOEN);
    for (unsigned i = 0; i < 8; ++i) u.set(TDR, '0' + i);
    EXPECT_EQUAL(u.get(ISR) & (TXE | TXFE), 0);
    u.run_to(8 * frame);
    EXPECT_EQUAL(u.get(ISR) & (TXE | TXFE | TC), TXE | TXFE);
    u.run_to(9 * frame);
    EXPECT_EQUAL(u.sent(), 8);
    EXPECT_EQUAL(u.get(ISR) & TC, TC);
}

TEST(idle_comes_one_frame_after_the_last_byte) {
    Uart u(UE | RE | 1 << 4);
    u.host_sends("xy");
    u.run_to(3 * frame - 1);
    EXPECT(!u.irq());
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(ISR) & IDLE, IDLE);
    u.set(ICR, IDLE);
    u.run_to(9 * frame);
    EXPECT(!u.irq());
}

TEST(the_receiver_times_out_after_rtor_bits) {
    Uart u(UE | RE | 1 << 26, false, 1 << 23);
    u.set(RTOR, 25);
    u.host_sends("x");
    u.run_to(frame + 25 * bit - 1);
    EXPECT_EQUAL(u.get(ISR) & RTOF, 0);
    u.run_to(frame + 25 * bit);
    EXPECT_EQUAL(u.get(ISR) & RTOF, RTOF);
    EXPECT(u.irq());
}

TEST(a_matching_character_is_told) {
    Uart u(UE | RE | 1 << 14, false, uint32_t{'\n'} << 24);
    u.host_sends("x\n");
    u.run_to(frame);
    EXPECT(!u.irq());
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(ISR) & CMF, CMF);
    EXPECT(u.irq());
}

TEST(errors_on_the_wire_come_with_the_next_frame) {
    Uart u(UE | RE);
    u.set(CR3, 1);
    (*u.usart.input(0))(true);
    (*u.usart.input(1))(true);
    u.host_sends("xy");
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ISR) & (FE | NE | PE), FE | NE);
    EXPECT(u.irq());
    u.set(ICR, FE | NE);
    EXPECT_EQUAL(u.get(RDR), 'x');
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(ISR) & (FE | NE | PE | RXNE), RXNE);
}

TEST(dma_requests_follow_txe_and_rxne_and_ddre_masks_an_error) {
    Uart u(UE | TE | RE);
    u.run_to(frame);
    u.set(CR3, 0xC0 | 1 << 13);
    EXPECT(u.usart.output("DmaTransmit")->level());
    u.set(TDR, 'a');
    u.set(TDR, 'b');
    EXPECT(!u.usart.output("DmaTransmit")->level());
    (*u.usart.input(0))(true);
    u.host_sends("x");
    u.run_to(2 * frame);
    EXPECT(!u.usart.output("DmaReceive")->level());
    u.set(ICR, FE);
    EXPECT(u.usart.output("DmaReceive")->level());
    (void)u.get(RDR);
    EXPECT(!u.usart.output("DmaReceive")->level());
}

TEST(seven_bits_and_parity_stand_in_rdr) {
    Uart u(UE | RE | 1 << 10);              // eight bits, the last one even parity
    u.host_sends("a");                      // 0x61: three ones
    u.run_to(frame);
    EXPECT_EQUAL(u.get(RDR), 0xE1);
}

TEST(a_break_is_ten_bits_and_then_forgotten) {
    Uart u(UE | TE);
    u.run_to(frame);
    u.set(RQR, 2);
    EXPECT_EQUAL(u.get(ISR) & SBKF, SBKF);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(ISR) & SBKF, 0);
    EXPECT_EQUAL(u.sent(), 0);
}

TEST(in_half_duplex_the_receiver_hears_its_own_bytes) {
    Uart u(0);
    u.set(CR3, 1 << 3);
    u.set(CR1, UE | TE | RE);
    u.set(TDR, 'q');
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(ISR) & RXNE, RXNE);
    EXPECT_EQUAL(u.get(RDR), 'q');
}

TEST(an_lpuart_has_256_parts_of_a_clock) {
    Uart u(UE | RE, true);
    u.host_sends("x");
    u.run_to(frame - 1);
    EXPECT_EQUAL(u.get(ISR) & RXNE, 0);
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ISR) & RXNE, RXNE);
}

TEST(the_prescaler_slows_it) {
    Uart u(0);
    u.set(PRESC, 2);                        // 4
    u.set(CR1, UE | RE);
    u.host_sends("x");
    u.run_to(4 * frame - 1);
    EXPECT_EQUAL(u.get(ISR) & RXNE, 0);
    u.run_to(4 * frame);
    EXPECT_EQUAL(u.get(ISR) & RXNE, RXNE);
}

TEST(without_its_kernel_clock_nothing_passes_and_it_is_said) {
    Uart u(0);
    u.rcc_set(CCIPR, 2 << 10);              // HSI16, which is off
    u.set(CR1, UE | TE);
    u.set(TDR, 'a');
    u.run_for(100 * frame);
    EXPECT_EQUAL(u.sent(), 0);
    EXPECT_EQUAL(u.recorder.warnings.size(), 1);
    u.rcc_set(CR, 0x163);
    u.run_for(100 * frame);
    EXPECT_EQUAL(u.sent(), 1);
}

TEST(switching_ue_off_discards_all) {
    Uart u(UE | TE | RE);
    u.host_sends("xy");
    u.run_to(frame);
    u.set(TDR, 'a');
    u.set(CR1, TE | RE);
    EXPECT_EQUAL(u.get(ISR), TXE | TC);
    u.run_for(10 * frame);
    EXPECT_EQUAL(u.sent(), 0);
}

TEST(modes_that_are_not_modelled_are_gaps) {
    Uart u(UE);
    u.set(CR2, 1 << 14);
    EXPECT(u.usart.take_gap());
}

int main(int count, char** names) { return run(count, names); }
