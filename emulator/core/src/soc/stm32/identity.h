// What tells a chip from another: DBGMCU (RM0090 38.6, RM0351 48.6) and the device signature in system memory (RM0090 39,
// RM0351 49: unique ID, flash size). Values are the chip's: dbgmcu_idcode, unique_id_0..2, flash_size_kbytes in its .toml.
// Not modelled: DBGMCU's freeze bits (a debugger stops virtual time), option bytes, OTP, the boot loader in ROM.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Dbgmcu : public Peripheral {
public:
    explicit Dbgmcu(const Construction& construction);
    Dbgmcu(const Construction& construction, RegisterTable table);
    void state(Archive& archive) override { Peripheral::state(archive); }

protected:
    uint32_t read_register(uint32_t offset) override { return offset == 0 ? idcode_ : value(offset); }

private:
    const uint32_t idcode_;
};

class L4Dbgmcu : public Dbgmcu {
public:
    explicit L4Dbgmcu(const Construction& construction);
};

// Stands at the unique ID; the flash size is 0x12 behind it on the F4, calibration values of the ADC from 0x1A on.
class Signature : public Peripheral {
public:
    explicit Signature(const Construction& construction);
    void state(Archive& archive) override { Peripheral::state(archive); }

protected:
    uint32_t read_register(uint32_t offset) override { return words_[offset / 4]; }

private:
    const uint32_t words_[8];
};

// The same on the L4, where the flash size is 0x50 behind the unique ID, with calibration values of the ADC between them.
class L4Signature : public Peripheral {
public:
    explicit L4Signature(const Construction& construction);
    void state(Archive& archive) override { Peripheral::state(archive); }

protected:
    uint32_t read_register(uint32_t offset) override;

private:
    const uint32_t words_[6];
};

}  // namespace tinysim::stm32
