// USART of the STM32L4 on the bench: bit times, flags and ICR, FIFO, errors, DMA requests.
#include "stm32l4_usart_bench.h"

using namespace bench;
using namespace bench::stm32l4;

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

TEST(errors_on_the_wire_come_with_the_next_frame) {
    Uart u(UE | RE);
    u.set(CR3, 1);
    u.host_sends("x", LineFault::noise);
    u.host_sends("y");
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ISR) & (FE | NE | PE), NE);
    EXPECT(u.irq());
    u.set(ICR, NE);
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
    u.host_sends("x", LineFault::framing);
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

TEST(a_break_is_ten_bits_and_a_stop_bit_and_then_forgotten) {
    Uart u(UE | TE);
    u.run_to(frame);
    u.set(RQR, 2);
    EXPECT_EQUAL(u.get(ISR) & SBKF, SBKF);
    u.run_to(2 * frame + bit - 1);
    EXPECT_EQUAL(u.get(ISR) & SBKF, SBKF);
    u.run_to(2 * frame + bit);
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
    u.set(CR2, 1 << 11);
    EXPECT(u.usart.take_gap());
}

TEST(a_fifo_switched_off_while_full_has_room_for_one_word) {
    Uart u(FIFOEN);
    for (uint32_t word = 0; word < 8; ++word) u.set(TDR, word);
    u.set(CR1, 0);
    for (uint32_t word = 0; word < 100; ++word) u.set(TDR, word);
    u.set(CR1, UE | TE);
    u.run_for(20 * frame);
    EXPECT_EQUAL(u.sent(), 1);
}

TEST(a_frame_of_the_slowest_clock_does_not_end_at_once) {
    Uart u(0);
    u.rcc_set(bench::stm32l4::L4Rcc::CR, 1 | 1 << 3);           // MSI 100 kHz
    u.rcc_set(CFGR, 15 << 4 | 7 << 8);                          // HPRE 512, PPRE1 16
    u.set(PRESC, 11);                                           // 256
    u.set(BRR, 0xFFFF);
    u.set(TDR, 1);
    u.set(CR1, UE | TE | 1 << 12);
    u.run_for(1000 * second);
    EXPECT_EQUAL(u.sent(), 0);
}

int main(int count, char** names) { return run(count, names); }
