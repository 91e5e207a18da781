// The bench for the STM32F4's USART: one, or two on a cable. At 16 MHz BRR 160 is 100000 baud.
#pragma once

#include "parts/serial_cable.h"
#include "soc/stm32/usart.h"
#include "stm32_bench.h"

namespace bench::stm32::usart {

using tinysim::LineFault;

enum : uint32_t { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14, GTPR = 0x18 };
enum : uint32_t { PE = 1, FE = 2, NE = 4, ORE = 8, IDLE = 16, RXNE = 32, TC = 64, TXE = 128, LBD = 256, CTSIF = 512 };
inline constexpr uint32_t UE = 1 << 13, TE = 8, RE = 4, SBK = 1, RWU = 2, PCE = 1 << 10, WAKE = 1 << 11, M = 1 << 12;
inline constexpr uint32_t IREN = 2, HDSEL = 8, RTSE = 1 << 8, CTSE = 1 << 9, ONEBIT = 1 << 11, EIE = 1, DMAR = 1 << 6;
inline constexpr uint32_t LINEN = 1 << 14;
inline constexpr Tick bit = 160 * at_16_mhz, frame = 10 * bit;

struct Port {
    tinysim::stm32::Usart usart;
    Port(ClockedChip& chip, const std::string& name, uint32_t gate, uint32_t cr1, uint32_t cr2 = 0, uint32_t cr3 = 0)
        : usart(chip.construction(name, {{"gate", gate}}, {{"rcc", &chip.rcc}})) {
        chip.rcc_set(APB1ENR, 0xFFFFFFFF);
        set(BRR, 160);
        set(CR2, cr2);
        set(CR3, cr3);
        set(CR1, cr1);
    }
    uint32_t get(uint32_t offset) { return usart.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { usart.write(offset, value, 4); }
    void host_sends(const std::string& text, LineFault fault = LineFault::none, uint32_t baud_hz = 0) {
        usart.receive_wrong({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, fault, baud_hz);
    }
    uint32_t flags() { return get(SR) & (PE | FE | NE | ORE | RXNE); }
};

struct Uart : ClockedChip, Port {
    explicit Uart(uint32_t cr1, uint32_t cr2 = 0, uint32_t cr3 = 0) : Port(*this, "usart2", 0x4011, cr1, cr2, cr3) {}
};

struct Joined : ClockedChip {
    Port a, b;
    tinysim::SerialCable cable;
    explicit Joined(uint32_t cr1, uint32_t cr3 = 0)
        : a(*this, "usart2", 0x4011, cr1, 0, cr3), b(*this, "usart3", 0x4012, cr1, 0, cr3),
          cable(construction("cable", {}, {{"first", &a.usart}, {"second", &b.usart}})) {}
};

}  // namespace bench::stm32::usart
