// CRC unit of the STM32F4: CRC-32 (0x4C11DB7) over whole words, most significant bit first. RM0090 4.
// A word takes four HCLK cycles on a chip, within which the bus would wait: not modelled.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Crc : public Peripheral {
public:
    explicit Crc(const Construction& construction);
    void state(Archive& archive) override { Peripheral::state(archive); }

protected:
    void write_register(uint32_t offset, uint32_t written) override;
    uint32_t merge_base(uint32_t) override { return 0; }
};

}  // namespace tinysim::stm32
