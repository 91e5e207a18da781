// CRC unit of the STM32L4: polynomial of 7, 8, 16 or 32 bits, start value, bytes, halfwords or words, reversal of bits at
// both ends. RM0351 16. The cycles within which the bus would wait (one a byte) are not modelled.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class L4Crc : public Peripheral {
public:
    explicit L4Crc(const Construction& construction);
    void state(Archive& archive) override;
    void reset() override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    uint32_t merge_base(uint32_t) override { return 0; }

private:
    unsigned width() const;
    uint32_t mask() const { return 0xFFFFFFFFu >> (32 - width()); }
    void feed(uint32_t word, unsigned bits);

    uint32_t crc_ = 0xFFFFFFFF;
};

}  // namespace tinysim::stm32
