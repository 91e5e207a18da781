// USART and LPUART of the STM32L4 on the bench: time-out, addresses, auto baud, words of seven bits, FIFO faults, wake-up flag.
#include "stm32l4_usart_bench.h"

using namespace bench;
using namespace bench::stm32l4;

TEST(faults_of_words_in_the_fifo_come_with_their_word) {
    Uart u(UE | RE | FIFOEN);
    u.host_sends("x");
    u.host_sends("y", LineFault::noise);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(ISR) & (NE | RXNE), RXNE);
    EXPECT_EQUAL(u.get(RDR), 'x');
    EXPECT_EQUAL(u.get(ISR) & (NE | RXNE), NE | RXNE);
    EXPECT_EQUAL(u.get(RDR), 'y');
}

TEST(seven_bit_words_make_frames_of_nine) {
    Uart u(UE | RE | 1 << 28);
    u.host_sends("\xE1");
    u.run_to(9 * bit - 1);
    EXPECT_EQUAL(u.get(ISR) & RXNE, 0);
    u.run_to(9 * bit);
    EXPECT_EQUAL(u.get(RDR), 0x61);
}

TEST(auto_baud_measures_the_first_character) {
    constexpr uint32_t ABREN = 1 << 20, ABRF = 1 << 15;
    const struct { uint32_t mode; const char* text; } cases[] = {{0, "a"}, {1, "a"}, {2, "\x7F"}, {3, "U"}};
    for (const auto& [mode, text] : cases) {
        Uart u(UE | RE, false, ABREN | mode << 21);
        u.host_sends(text, LineFault::none, 25'000);
        u.run_to(4 * frame);
        EXPECT_EQUAL(u.get(BRR), 160);
        EXPECT_EQUAL(u.get(ISR) & ABRF, ABRF);
        EXPECT_EQUAL(u.get(RDR), static_cast<uint8_t>(text[0]));
    }
}

TEST(a_rate_beyond_brr_is_an_auto_baud_error) {
    Uart u(UE | RE, false, 1 << 20);
    u.host_sends("a", LineFault::none, 1'000'000);
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ISR) & (1 << 14), 1 << 14);
    EXPECT_EQUAL(u.get(BRR), 40);
}

TEST(mute_mode_has_addresses_of_seven_bits) {
    constexpr uint32_t MME = 1 << 13, WAKE = 1 << 11, RWU = 1 << 19;
    Uart u(UE | RE | MME | WAKE, false, 0x35u << 24 | 1 << 4);
    u.set(RQR, 4);
    EXPECT_EQUAL(u.get(ISR) & RWU, RWU);
    u.host_sends("a\xB5" "b");
    u.run_to(frame);
    EXPECT_EQUAL(u.get(ISR) & (RXNE | RWU), RWU);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(RDR), 0xB5);
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(RDR), 'b');
}

TEST(a_block_ends_after_blen_and_four_words) {
    Uart u(UE | RE | 1 << 27);
    u.set(RTOR, 1u << 24);
    u.host_sends("12345");
    u.run_to(5 * frame - 1);
    EXPECT(!u.irq());
    u.run_to(5 * frame);
    EXPECT(u.irq());
    u.set(ICR, 1 << 12);
    EXPECT(!u.irq());
}

TEST(the_wake_up_flag_comes_with_the_start_bit) {
    constexpr uint32_t WUF = 1 << 20;
    Uart u(0, true);
    u.set(CR3, 2 << 20 | 1 << 22);
    u.set(CR1, UE | RE | 2);
    u.host_sends("x");
    EXPECT_EQUAL(u.get(ISR) & WUF, WUF);
    EXPECT(u.irq());
    u.set(ICR, WUF);
    EXPECT(!u.irq());
}

TEST(the_driver_enable_is_high_while_it_sends) {
    Uart u(0);
    u.set(CR3, 1 << 14);
    u.set(CR1, UE | TE);
    u.run_to(frame);
    EXPECT(!u.usart.output("Rts")->level());
    u.set(TDR, 'a');
    EXPECT(u.usart.output("Rts")->level());
    u.run_to(2 * frame);
    EXPECT(!u.usart.output("Rts")->level());
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

int main(int count, char** names) { return run(count, names); }
