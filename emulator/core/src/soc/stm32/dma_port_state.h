// One AHB port of the STM32F4 DMA: the transfer that it makes (RM0090 10.3.7).
#pragma once

#include <algorithm>

#include "bus/slave.h"
#include "soc/stm32/dma_stream.h"

namespace tinysim::stm32::dma {

enum class Phase : uint8_t { idle, waiting, moving };

struct Port {
    Phase phase = Phase::idle;
    uint8_t stream = 0;
    Burst burst;
    Tick free_at = 0;               // end of its last transfer
    Tick next_at = never;           // waiting: wants its slave; moving: ends
    Tick data_ticks = 0;
    // Found again after a restore.
    Slave* slave = nullptr;
    bool is_device = false;
    Tick ready_at() const {         // when it can go on
        return phase == Phase::waiting ? std::max(next_at, slave->busy_until) : next_at;
    }
    void state(Archive& archive) { archive(phase, stream, burst.beats, burst.bytes, free_at, next_at, data_ticks); }
};

}  // namespace tinysim::stm32::dma
