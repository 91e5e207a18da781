// A USART or LPUART of the STM32L4+ on the bench. At 4 MHz BRR 40 is 100000 baud: a frame of ten bits is 400 clocks.
#pragma once

#include "soc/stm32/usart_v2.h"
#include "stm32l4_bench.h"

namespace bench::stm32l4 {

using tinysim::LineFault;

enum : uint32_t { CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, BRR = 0x0C, RTOR = 0x14, RQR = 0x18, ISR = 0x1C, ICR = 0x20, RDR = 0x24, TDR = 0x28, PRESC = 0x2C };
enum : uint32_t {
    PE = 1, FE = 2, NE = 4, ORE = 8, IDLE = 16, RXNE = 32, TC = 64, TXE = 128, RTOF = 1 << 11, BUSY = 1 << 16, CMF = 1 << 17, SBKF = 1 << 18,
    TEACK = 1 << 21, REACK = 1 << 22, TXFE = 1 << 23, RXFF = 1 << 24, RXFT = 1 << 26, TXFT = 1 << 27
};
inline constexpr uint32_t UE = 1, RE = 4, TE = 8, RXNEIE = 1 << 5, FIFOEN = 1 << 29;
inline constexpr Tick bit = 40 * at_4_mhz, frame = 10 * bit;

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
    void host_sends(const std::string& text, LineFault fault = LineFault::none, uint32_t baud_hz = 0) {
        usart.receive_wrong({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, fault, baud_hz);
    }
    bool irq() { return usart.output("IRQ")->level(); }
    size_t sent() const { return recorder.uart_bytes.size(); }
};

}  // namespace bench::stm32l4
