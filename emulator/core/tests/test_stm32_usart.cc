// USART of the STM32F4 on the bench: bit times from its clock, flags and the sequences that clear them, DMA requests.
// At 16 MHz BRR 139 is 115108 baud: a frame of ten bits is 1390 clocks.
#include "soc/stm32/usart.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

enum : uint32_t { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14, GTPR = 0x18 };
enum : uint32_t { ORE = 8, IDLE = 16, RXNE = 32, TC = 64, TXE = 128 };
constexpr uint32_t UE = 1 << 13, TE = 8, RE = 4;
constexpr Tick frame = 1390 * at_16_mhz;

struct Uart : ClockedChip {
    tinysim::stm32::Usart usart{construction("usart2", {{"gate", 0x4011}}, {{"rcc", &rcc}})};
    explicit Uart(uint32_t cr1) {
        rcc_set(APB1ENR, 1 << 17);
        set(BRR, 139);
        set(CR1, cr1);
    }
    uint32_t get(uint32_t offset) { return usart.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { usart.write(offset, value, 4); }
    void host_sends(const std::string& text) {
        usart.receive({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    }
    bool irq() { return usart.output("IRQ")->level(); }
    size_t sent() const { return recorder.uart_bytes.size(); }
};

}  // namespace

TEST(te_sends_an_idle_frame_first) {
    Uart u(UE | TE);
    EXPECT_EQUAL(u.get(SR), TXE | TC);
    u.set(DR, 'a');
    EXPECT_EQUAL(u.get(SR) & TXE, 0);
    u.run_to(frame - 1);
    EXPECT_EQUAL(u.get(SR) & TXE, 0);
    u.run_to(frame);
    EXPECT_EQUAL(u.get(SR) & TXE, TXE);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.sent(), 1);
    EXPECT_EQUAL(u.recorder.uart_bytes[0].at, 2 * frame);
}

TEST(a_second_byte_waits_in_dr_and_frames_are_back_to_back) {
    Uart u(UE | TE);
    u.run_to(10 * frame);
    u.set(DR, 'a');
    EXPECT_EQUAL(u.get(SR) & TXE, TXE);
    u.set(DR, 'b');
    EXPECT_EQUAL(u.get(SR) & (TXE | TC), 0);
    u.run_to(12 * frame - 1);
    EXPECT_EQUAL(u.get(SR) & (TXE | TC), TXE);
    u.run_to(12 * frame);
    EXPECT_EQUAL(u.get(SR) & TC, TC);
    EXPECT_EQUAL(u.recorder.uart_bytes[1].at, 12 * frame);
}

TEST(tc_goes_by_reading_sr_then_writing_dr_or_by_a_zero) {
    Uart u(UE | TE);
    u.run_to(10 * frame);
    u.set(DR, 'a');
    EXPECT_EQUAL(u.get(SR) & TC, TC);      // SR had not been read
    u.set(DR, 'b');
    EXPECT_EQUAL(u.get(SR) & TC, 0);
    u.run_to(12 * frame);
    u.set(SR, ~TC);
    EXPECT_EQUAL(u.get(SR) & (TXE | TC), TXE);
}

TEST(received_bytes_come_at_the_baud_rate_with_interrupt) {
    Uart u(UE | RE | 1 << 5);
    u.host_sends("xy");
    u.run_to(frame - 1);
    EXPECT(!u.irq());
    u.run_to(frame);
    EXPECT(u.irq());
    EXPECT_EQUAL(u.get(DR), 'x');
    EXPECT(!u.irq());
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.get(DR), 'y');
}

TEST(an_unread_byte_makes_an_overrun_and_stays) {
    Uart u(UE | RE | 1 << 5);
    u.host_sends("xyz");
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(SR) & (ORE | RXNE), ORE | RXNE);
    EXPECT_EQUAL(u.get(DR), 'x');
    EXPECT_EQUAL(u.get(SR) & (ORE | RXNE), 0);
    EXPECT_EQUAL(u.recorder.counter("usart2.overruns"), 2);
    EXPECT_EQUAL(u.recorder.warnings.size(), 1);
}

TEST(idle_comes_one_frame_after_the_last_byte_and_goes_by_sr_then_dr) {
    Uart u(UE | RE | 1 << 4);
    u.host_sends("xy");
    u.run_to(3 * frame - 1);
    EXPECT_EQUAL(u.get(SR) & IDLE, 0);
    u.run_to(3 * frame);
    EXPECT(u.irq());
    (void)u.get(DR);
    EXPECT_EQUAL(u.get(SR) & IDLE, IDLE);
    (void)u.get(DR);
    EXPECT_EQUAL(u.get(SR) & IDLE, 0);
    u.run_to(20 * frame);
    EXPECT_EQUAL(u.get(SR) & IDLE, 0);
}

TEST(dma_requests_follow_txe_and_rxne) {
    Uart u(UE | TE | RE);
    u.run_to(frame);
    u.set(CR3, 0xC0);
    EXPECT(u.usart.output("DmaTransmit")->level());
    u.set(DR, 'a');
    u.set(DR, 'b');
    EXPECT(!u.usart.output("DmaTransmit")->level());
    u.host_sends("x");
    u.run_to(2 * frame);
    EXPECT(u.usart.output("DmaTransmit")->level());
    EXPECT(u.usart.output("DmaReceive")->level());
    (void)u.get(DR);
    EXPECT(!u.usart.output("DmaReceive")->level());
}

TEST(idle_ends_what_dma_receives) {
    Uart u(UE | RE | 1 << 4);
    u.set(CR3, 1 << 6);
    u.usart.output("DmaReceive")->connect([&u](bool level) { if (level) (void)u.get(DR); });
    u.host_sends("abc");
    u.run_to(4 * frame - 1);
    EXPECT(!u.irq());
    u.run_to(4 * frame);
    EXPECT(u.irq());
    EXPECT_EQUAL(u.get(SR) & (IDLE | ORE | RXNE), IDLE);
}

TEST(oversampling_by_eight_has_three_bits_of_fraction) {
    Uart u(UE | RE | 1 << 15);
    u.set(BRR, 17 << 4 | 3);      // 139 clocks
    u.host_sends("x");
    u.run_to(frame);
    EXPECT_EQUAL(u.get(SR) & RXNE, RXNE);
}

TEST(nine_bits_and_two_stop_bits_make_longer_frames) {
    Uart u(UE | RE | 1 << 12);
    u.set(CR2, 2 << 12);
    u.host_sends("x");
    u.run_to(12 * 139 * at_16_mhz - 1);
    EXPECT_EQUAL(u.get(SR) & RXNE, 0);
    u.run_to(12 * 139 * at_16_mhz);
    EXPECT_EQUAL(u.get(SR) & RXNE, RXNE);
}

TEST(its_bit_time_follows_the_clock_tree) {
    Uart u(0);
    u.go_168_mhz();
    u.set(BRR, 365);              // 42 MHz / 115200
    u.set(CR1, UE | RE);
    const Tick start = u.scheduler.now();
    u.host_sends("x");
    u.run_to(start + 3650 * 4 * at_168_mhz - 1);
    EXPECT_EQUAL(u.get(SR) & RXNE, 0);
    u.run_to(start + 3650 * 4 * at_168_mhz);
    EXPECT_EQUAL(u.get(SR) & RXNE, RXNE);
}

TEST(a_byte_store_reaches_the_whole_word_over_the_bridge) {
    Uart u(UE | TE);
    u.run_to(frame);
    u.usart.write(DR, 'q', 1);
    u.run_to(2 * frame);
    EXPECT_EQUAL(u.recorder.uart_bytes.at(0).byte, 'q');
}

TEST(special_modes_are_gaps) {
    Uart u(UE);
    u.set(CR3, 1 << 5);
    EXPECT(u.usart.take_gap());
}

int main(int count, char** names) { return run(count, names); }
