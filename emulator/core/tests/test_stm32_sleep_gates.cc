// The gates of Sleep mode on the bench (LPENR, SMENR): timers, frames and transfers of a held block wait until the CPU wakes.
#include "soc/stm32/lptim.h"
#include "soc/stm32/pwr.h"
#include "soc/stm32/pwr_l4.h"
#include "soc/stm32/timer.h"
#include "soc/stm32/usart.h"
#include "soc/stm32/usart_v2.h"
#include "stm32l4_bench.h"

using namespace bench;
namespace soc = tinysim::stm32;

namespace {

constexpr uint32_t TIM2 = 1 << 0, WWDG = 1 << 11, USART2 = 1 << 17, PWR = 1 << 28, DMA1_F4 = 1 << 21, SRAM1_F4 = 1 << 16;
enum F4 : uint32_t { AHB1LPENR = 0x50, APB1LPENR = 0x60 };
enum L4 : uint32_t { AHB1SMENR = 0x68, APB1SMENR1 = 0x78, APB1SMENR2 = 0x7C };
enum TimerRegister : uint32_t { TIM_CR1 = 0x00, TIM_CNT = 0x24 };

struct F4Chip : stm32::ClockedChip {
    soc::Pwr pwr{construction("pwr", {{"gate", 0x401C}}, {{"rcc", &rcc}})};
    soc::Timer timer{construction("timer2", {{"gate", 0x4000}}, {{"rcc", &rcc}})};
    soc::Usart usart{construction("usart2", {{"gate", 0x4011}}, {{"rcc", &rcc}})};
    int changes = 0;
    F4Chip() {
        rcc_set(stm32::APB1ENR, TIM2 | USART2 | PWR);
        timer.write(TIM_CR1, 1, 4);
        rcc.on_change([this] { ++changes; });
    }
    void sleep(Tick ticks) {
        pwr.sleep_begins(false);
        run_for(ticks);
        pwr.sleep_ends();
    }
    void close(uint32_t offset, uint32_t bits) { rcc_set(offset, rcc_get(offset) & ~bits); }
    uint32_t count() { return timer.read(TIM_CNT, 4); }
};

struct L4Chip : stm32l4::L4Chip {
    soc::L4Pwr pwr{construction("pwr", {{"gate", 0x581C}, {"plus", 1}}, {{"rcc", &rcc}})};
    soc::UsartV2 lpuart{construction("lpuart1", {{"gate", 0x5C00}, {"clockSelection", 10}, {"lowPowerMode", 1}, {"fifo", 1}}, {{"rcc", &rcc}})};
    soc::Lptim lptim{construction("lptim1", {{"gate", 0x581F}, {"clockSelection", 18}}, {{"rcc", &rcc}})};
    L4Chip() {
        rcc_set(stm32l4::APB1ENR1, 1u << 31 | PWR);
        rcc_set(stm32l4::APB1ENR2, 1);
    }
    void close(uint32_t offset, uint32_t bits) { rcc_set(offset, rcc_get(offset) & ~bits); }
};

}  // namespace

TEST(a_sleep_with_all_gates_open_tells_nobody) {
    F4Chip c;
    c.sleep(100 * stm32::at_16_mhz);
    EXPECT_EQUAL(c.changes, 0);
    EXPECT_EQUAL(c.count(), 100);
    c.close(APB1LPENR, WWDG);                       // whose clock is off anyway
    c.sleep(100 * stm32::at_16_mhz);
    EXPECT_EQUAL(c.changes, 0);
    EXPECT_EQUAL(c.count(), 200);
}

TEST(a_held_timer_stands_still_while_the_cpu_sleeps) {
    F4Chip c;
    c.close(APB1LPENR, TIM2);
    c.run_for(10 * stm32::at_16_mhz);
    EXPECT_EQUAL(c.count(), 10);
    c.sleep(1000 * stm32::at_16_mhz);
    EXPECT_EQUAL(c.count(), 10);
    c.run_for(10 * stm32::at_16_mhz);
    EXPECT_EQUAL(c.count(), 20);
    EXPECT_EQUAL(c.recorder.warnings.size(), 0);
}

TEST(a_frame_of_a_held_usart_waits) {
    F4Chip c;
    c.close(APB1LPENR, USART2);
    c.usart.write(0x08, 16, 4);                     // 1 Mbaud: 10 us a frame
    c.usart.write(0x0C, 1 << 13 | 1 << 3, 4);
    c.run_for(10 * stm32::microsecond);
    c.usart.write(0x04, 'a', 4);
    c.run_for(4 * stm32::microsecond);
    c.sleep(stm32::second);
    c.run_for(6 * stm32::microsecond - 1);
    EXPECT_EQUAL(c.recorder.uart_bytes.size(), 0);
    c.run_for(1);
    EXPECT_EQUAL(c.recorder.uart_bytes.size(), 1);
}

TEST(a_register_of_a_held_block_does_not_answer_a_dma_in_sleep) {
    F4Chip c;
    c.close(APB1LPENR, USART2);
    c.pwr.sleep_begins(false);
    EXPECT_EQUAL(c.usart.read(0x00, 4), 0);
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    c.pwr.sleep_ends();
    EXPECT_EQUAL(c.usart.read(0x00, 4), 0xC0);
}

TEST(a_reset_in_sleep_opens_all_gates) {
    F4Chip c;
    c.close(APB1LPENR, TIM2);
    c.pwr.sleep_begins(false);
    c.rcc.reset();
    c.timer.reset();
    c.rcc_set(stm32::APB1ENR, TIM2);
    c.timer.write(TIM_CR1, 1, 4);
    c.run_for(10 * stm32::at_16_mhz);
    EXPECT_EQUAL(c.count(), 10);
}

TEST(gates_of_memories_and_dma_are_gaps) {
    F4Chip c;
    c.close(AHB1LPENR, 1);                          // a port
    EXPECT(!c.rcc.take_gap());
    c.close(AHB1LPENR, SRAM1_F4);
    EXPECT(c.rcc.take_gap());
    c.close(AHB1LPENR, DMA1_F4);
    EXPECT(c.rcc.take_gap());
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    L4Chip l4;
    l4.close(AHB1SMENR, 1 << 12);                   // CRC
    EXPECT(!l4.rcc.take_gap());
    l4.close(AHB1SMENR, 1);
    EXPECT(l4.rcc.take_gap());
    EXPECT_EQUAL(l4.recorder.warnings.size(), 1);
}

TEST(a_held_lpuart_waits_on_whatever_clock_it_has) {
    for (const bool has_own_clock : {false, true}) {
        L4Chip c;
        c.rcc_set(stm32l4::CR, c.rcc_get(stm32l4::CR) | 1 << 8);
        c.run_for(10 * stm32::microsecond);
        if (has_own_clock) c.rcc_set(stm32l4::CCIPR, 2 << 10);         // HSI16
        c.lpuart.write(0x0C, has_own_clock ? 256 * 16 : 256 * 4, 4);   // BRR: 1 Mbaud
        c.lpuart.write(0x00, 1 << 3 | 1, 4);
        c.close(APB1SMENR2, 1);
        c.run_for(20 * stm32::microsecond);
        c.lpuart.write(0x28, 'a', 4);
        c.run_for(4 * stm32::microsecond);
        c.pwr.sleep_begins(false);
        c.run_for(stm32::second);
        EXPECT_EQUAL(c.recorder.uart_bytes.size(), 0);
        c.pwr.sleep_ends();
        c.run_for(7 * stm32::microsecond);
        EXPECT_EQUAL(c.recorder.uart_bytes.size(), 1);
    }
}

TEST(an_lptim_on_lse_counts_in_stop_unless_its_gate_is_closed) {
    for (const bool is_held : {false, true}) {
        L4Chip c;
        c.rcc_set(stm32l4::BDCR, 1);
        c.run_for(2 * stm32::second);
        c.rcc_set(stm32l4::CCIPR, 3 << 18);
        c.lptim.write(0x10, 1, 4);
        c.lptim.write(0x18, 0xFFFF, 4);
        c.run_for(stm32::second / 1000);
        c.lptim.write(0x10, 5, 4);
        if (is_held) c.close(APB1SMENR1, 1u << 31);
        c.pwr.sleep_begins(true);
        c.run_for(stm32::second);
        c.pwr.sleep_ends();
        const uint32_t count = c.lptim.read(0x1C, 4);
        EXPECT_EQUAL(count > 32'000, !is_held);
        EXPECT_EQUAL(count < 3, is_held);
    }
}

TEST(mco_tells_its_frequency) {
    F4Chip c;
    c.go_168_mhz();
    c.rcc_set(stm32::CFGR, c.rcc_get(stm32::CFGR) | 3u << 21 | 5u << 24 | 7u << 27);      // PLL / 3, SYSCLK / 5
    EXPECT(!c.rcc.take_gap());
    EXPECT_EQUAL(c.recorder.level_changes.size(), 2);
    EXPECT_EQUAL(c.recorder.level_changes[0].value, 56'000'000);
    EXPECT_EQUAL(c.recorder.level_changes[1].value, 33'600'000);
    L4Chip l4;
    l4.rcc_set(stm32l4::CFGR, 2 << 24 | 1 << 28);                                          // MSI / 2
    EXPECT_EQUAL(l4.recorder.level_changes.back().value, 2'000'000);
}

int main(int count, char** names) { return bench::run(count, names); }
