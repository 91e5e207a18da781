// One channel of the STM32L4 DMA: its registers (RM0351 11.6), where it is in its block, and what an access costs (AN2548).
#pragma once

#include <array>
#include <cstdint>

#include "soc/stm32/peripheral.h"
#include "tinysim/dma_port.h"

namespace tinysim::stm32::dma_channel {

inline constexpr unsigned count = 7;
enum Offset : uint32_t { ISR = 0x00, IFCR = 0x04, CCR1 = 0x08, CSELR = 0xA8 };
inline constexpr uint32_t channel_bytes = 0x14;
enum ChannelOffset : uint32_t { CCR = 0x00, CNDTR = 0x04, CPAR = 0x08, CMAR = 0x0C };
inline constexpr uint32_t EN = 1 << 0, TCIE = 1 << 1, HTIE = 1 << 2, TEIE = 1 << 3, DIR = 1 << 4, CIRC = 1 << 5, PINC = 1 << 6,
                          MINC = 1 << 7, MEM2MEM = 1 << 14, ccr_bits = 0x7FFF, free_while_enabled = EN | TCIE | HTIE | TEIE;
enum Flag : uint8_t { GIF = 1 << 0, TCIF = 1 << 1, HTIF = 1 << 2, TEIF = 1 << 3 };
inline constexpr uint32_t cselr_bits = 0x0FFFFFFF;

// The chip's .toml gives the numbers, section [dma].
struct Timing {
    explicit Timing(const Construction& construction)
        : arbitration_cycles(construction.chip_number("dma_arbitration_cycles", 1)),
          address_cycles(construction.chip_number("dma_address_cycles", 1)),
          acknowledge_cycles(construction.chip_number("dma_acknowledge_cycles", 1)),
          ahb_transfer_cycles(construction.chip_number("dma_ahb_transfer_cycles", 1)),
          apb_transfer_apb_cycles(construction.chip_number("dma_apb_transfer_apb_cycles", 2)),
          apb_synchronisation_cycles(construction.chip_number("dma_apb_synchronisation_cycles", 1)) {}
    const int64_t arbitration_cycles;           // before each item
    const int64_t address_cycles;               // before each access
    const int64_t acknowledge_cycles;           // behind an item that a peripheral asked for
    const int64_t ahb_transfer_cycles;
    const int64_t apb_transfer_apb_cycles;      // in APB cycles
    const int64_t apb_synchronisation_cycles;
};

// What stands behind a pointer; valid for the kilobyte that it is in.
struct Place {
    static constexpr unsigned shift = 10;
    uint32_t kilobyte = 0xFFFF'FFFF;
    DmaTarget target;
    uint32_t first = 0;                         // address of the target's offset 0
};

struct Channel {
    uint32_t ccr = 0, cndtr = 0, cpar = 0, cmar = 0;
    uint32_t items = 0;                         // CNDTR when the channel was enabled
    uint32_t peripheral = 0, memory = 0;        // pointers
    uint8_t flags = 0;
    bool requested = false, half_done = false;
    Tick block_start = 0;                       // of the half that is under way
    uint32_t block_address = 0, block_bytes = 0;
    std::array<Place, 2> places;                // peripheral, memory side

    bool enabled() const { return (ccr & EN) != 0; }
    bool from_memory() const { return (ccr & DIR) != 0; }
    bool between_memories() const { return (ccr & MEM2MEM) != 0; }
    bool wants() const { return enabled() && cndtr != 0 && (requested || between_memories()); }
    uint32_t peripheral_bytes() const { return 1u << (ccr >> 8 & 3); }
    uint32_t memory_bytes() const { return 1u << (ccr >> 10 & 3); }
    uint32_t priority() const { return ccr >> 12 & 3; }
    bool wants_interrupt() const { return (flags & ccr & (TCIE | HTIE | TEIE)) != 0; }    // TCIF.. stand where TCIE.. do
    bool completes() const { return cndtr == 1 || (!half_done && (cndtr - 1) * 2 <= items); }
    void load(Tick at) {
        items = cndtr;
        peripheral = cpar & ~(peripheral_bytes() - 1);
        memory = cmar & ~(memory_bytes() - 1);
        half_done = false;
        begin_block(at);
    }
    void begin_block(Tick at) {
        block_start = at;
        block_address = memory;
        block_bytes = 0;
    }
    void state(Archive& archive) {
        archive(ccr, cndtr, cpar, cmar, items, peripheral, memory, flags, requested, half_done, block_start, block_address, block_bytes);
    }
};

}  // namespace tinysim::stm32::dma_channel
