// The wires of the STM32's USARTs on the bench: faults, breaks, other rates, half duplex, LIN, mute mode, flow control, two of
// them joined.
#include "stm32_usart_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace bench::stm32::usart;
using tinysim::LineFault;

TEST(a_low_stop_bit_is_a_framing_error_and_the_next_byte_is_well) {
    Uart u(UE | RE);
    u.host_sends("x", LineFault::framing);
    u.host_sends("y");
    u.run_to(frame);
    EXPECT_EQUAL(u.flags(), RXNE | FE);
    EXPECT_EQUAL(u.get(DR), 'x');
    EXPECT_EQUAL(u.flags(), 0);
    u.run_to(2 * frame + bit);
    EXPECT_EQUAL(u.flags(), RXNE);
    EXPECT_EQUAL(u.get(DR), 'y');
}

TEST(a_break_is_a_zero_with_a_framing_error) {
    Uart u(UE | RE);
    u.host_sends("-", LineFault::line_break);
    u.run_to(frame);
    EXPECT_EQUAL(u.flags(), RXNE | FE);
    EXPECT_EQUAL(u.get(DR), 0);
    u.run_to(20 * frame);
    EXPECT_EQUAL(u.flags(), 0);
}

TEST(noise_is_told_unless_one_sample_is_asked_for) {
    Uart u(UE | RE);
    u.host_sends("xy", LineFault::noise);
    u.run_to(frame);
    EXPECT_EQUAL(u.flags(), RXNE | NE);
    EXPECT_EQUAL(u.get(DR), 'x');
    u.set(CR3, ONEBIT);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.flags(), RXNE);
}

TEST(parity_is_sent_checked_and_stands_in_dr) {
    Uart u(UE | RE | PCE | M);
    u.host_sends("a");
    u.host_sends("a", LineFault::parity);
    u.run_to(11 * bit);
    EXPECT_EQUAL(u.flags(), RXNE);
    EXPECT_EQUAL(u.get(DR), 0x161);      // three ones: even parity is 1
    u.run_to(22 * bit);
    EXPECT_EQUAL(u.flags(), RXNE | PE);
    EXPECT_EQUAL(u.get(DR), 0x061);
}

TEST(error_interrupts_need_eie_and_dma) {
    Uart u(UE | RE, 0, EIE);
    u.host_sends("xy", LineFault::noise);
    u.run_to(frame);
    EXPECT(!u.usart.output("IRQ")->level());
    u.set(CR3, EIE | DMAR);
    EXPECT(u.usart.output("IRQ")->level());
}

TEST(a_sender_at_half_the_rate_is_not_understood) {
    Uart u(UE | RE);
    u.host_sends("U", LineFault::none, 50'000);      // each of its bits is two of ours: 00 11 00 11 00 11 ...
    u.run_to(frame);
    EXPECT_EQUAL(u.flags(), RXNE | FE);
    EXPECT_EQUAL(u.get(DR), 0x66);
}

TEST(a_sender_two_percent_off_is_understood_back_to_back) {
    for (const uint32_t baud_hz : {98'000u, 102'000u}) {
        Uart u(UE | RE);
        u.host_sends({'\x55', '\xAA', '\0', '\xFF'}, LineFault::none, baud_hz);
        for (const uint32_t wanted : {0x55u, 0xAAu, 0x00u, 0xFFu}) {
            for (int i = 0; i < 200 && (u.get(SR) & RXNE) == 0; ++i) u.run_for(bit / 16);
            EXPECT_EQUAL(u.flags(), RXNE);
            EXPECT_EQUAL(u.get(DR), wanted);
        }
    }
}

TEST(in_half_duplex_it_hears_itself_and_the_host) {
    Uart u(UE | TE | RE, 0, HDSEL);
    u.set(DR, 'q');
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.flags(), RXNE);
    EXPECT_EQUAL(u.get(DR), 'q');
    u.host_sends("h");
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(DR), 'h');
}

TEST(in_half_duplex_two_senders_make_a_wired_and) {
    Uart u(UE | TE | RE, 0, HDSEL);
    u.run_to(2 * frame);
    u.host_sends("\xF3");
    u.set(DR, 0x3F);
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(DR), 0x33);
}

TEST(its_receiver_off_it_does_not_hear_itself) {
    Uart u(UE | TE, 0, HDSEL);
    u.set(DR, 'q');
    u.run_to(2 * frame);
    u.set(CR1, UE | TE | RE);
    u.run_to(5 * frame);
    EXPECT_EQUAL(u.flags(), 0);
}

TEST(a_lin_break_is_detected_at_its_end) {
    Uart u(UE | RE, LINEN | 1 << 6);
    u.host_sends("-", LineFault::line_break);
    u.host_sends("U");
    u.run_to(13 * bit - 1);
    EXPECT_EQUAL(u.get(SR) & LBD, 0);
    u.run_to(13 * bit);
    EXPECT_EQUAL(u.get(SR) & LBD, LBD);
    EXPECT(u.usart.output("IRQ")->level());
    (void)u.get(DR);
    u.set(SR, ~LBD);
    EXPECT(!u.usart.output("IRQ")->level());
    u.run_to(24 * bit);
    EXPECT_EQUAL(u.get(DR), 'U');
}

TEST(a_mute_receiver_wakes_on_an_idle_line) {
    Uart u(UE | RE);
    u.set(CR1, UE | RE | RWU);
    u.host_sends("abc");
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.flags(), 0);
    u.run_to(4 * frame);
    EXPECT_EQUAL(u.get(CR1) & RWU, 0);
    EXPECT_EQUAL(u.get(SR) & IDLE, 0);
    u.host_sends("d");
    u.run_to(5 * frame);
    EXPECT_EQUAL(u.get(DR), 'd');
}

TEST(address_marks_wake_it_and_send_it_to_sleep) {
    Uart u(UE | RE, 5);
    u.set(CR1, UE | RE | WAKE | RWU);
    u.host_sends("a\x85" "b\x86" "c");
    u.run_to(frame);
    EXPECT_EQUAL(u.flags(), 0);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(DR), 0x85);
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(DR), 'b');
    u.run_to(5 * frame);
    EXPECT_EQUAL(u.flags(), 0);
    EXPECT_EQUAL(u.get(CR1) & RWU, RWU);
}

TEST(cts_holds_the_next_frame_and_its_changes_are_told) {
    Uart u(UE | TE, 0, CTSE | 1 << 10);
    auto cts = *u.usart.input(0);
    u.run_to(frame);
    u.set(DR, 'a');
    EXPECT_EQUAL(u.get(SR) & TXE, TXE);
    u.set(DR, 'b');
    cts(true);
    EXPECT(u.usart.output("IRQ")->level());
    u.set(SR, ~CTSIF);
    u.run_to(10 * frame);
    EXPECT_EQUAL(u.recorder.uart_bytes.size(), 1);
    EXPECT_EQUAL(u.get(SR) & (TC | TXE), 0);
    cts(false);
    u.run_to(11 * frame);
    EXPECT_EQUAL(u.recorder.uart_bytes.size(), 2);
}

TEST(rts_holds_the_host_so_that_nothing_is_lost) {
    Uart u(UE | RE, 0, RTSE);
    u.host_sends("xyz");
    u.run_to(frame);
    EXPECT(u.usart.output("Rts")->level());
    u.run_to(10 * frame);
    for (const char wanted : {'x', 'y', 'z'}) {
        EXPECT_EQUAL(u.flags(), RXNE);
        EXPECT_EQUAL(u.get(DR), wanted);
        EXPECT(!u.usart.output("Rts")->level());
        u.run_for(2 * frame);
    }
    EXPECT_EQUAL(u.recorder.counter("usart2.overruns"), 0);
}

TEST(joined_ports_hear_each_other) {
    Joined j(UE | TE | RE);
    j.run_to(frame);
    j.a.set(DR, 'a');
    j.b.set(DR, 'b');
    j.run_to(2 * frame);
    EXPECT_EQUAL(j.b.get(DR), 'a');
    EXPECT_EQUAL(j.a.get(DR), 'b');
    j.b.set(BRR, 80);
    j.a.set(DR, 0xFF);
    j.run_to(3 * frame);
    EXPECT_EQUAL(j.b.get(DR), 0xFE);      // its bits are half as long: two of them are the start bit
    j.run_to(10 * frame);
    EXPECT_EQUAL(j.b.flags(), 0);
}

TEST(a_break_goes_over_the_cable_and_is_eleven_bits_long) {
    Joined j(UE | TE | RE);
    j.run_to(frame);
    j.a.set(CR1, UE | TE | RE | SBK);
    j.run_to(2 * frame + bit);
    EXPECT_EQUAL(j.a.get(CR1) & SBK, 0);
    EXPECT_EQUAL(j.b.flags(), RXNE | FE);
    EXPECT_EQUAL(j.b.get(DR), 0);
}

TEST(rts_and_cts_are_crossed_by_the_cable) {
    Joined j(UE | TE | RE, RTSE | CTSE);
    j.run_to(frame);
    j.a.set(DR, '1');
    j.a.set(DR, '2');
    j.run_to(10 * frame);
    EXPECT_EQUAL(j.recorder.uart_bytes.size(), 1);
    EXPECT_EQUAL(j.b.get(DR), '1');
    j.run_to(12 * frame);
    EXPECT_EQUAL(j.b.get(DR), '2');
}

int main(int count, char** names) { return run(count, names); }
