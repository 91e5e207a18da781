// FICR: what the factory wrote, and the identity words of the CoreSight ROM table. nRF52840 Product
// Specification 4.4.1. The chip is a QIAA of revision 3 (VARIANT AAD0, configuration words
// 0x10000130 = 8 and 0x10000134 = 3, ROM table revision nibble 3): what start-up code and drivers
// of the vendor ask before they apply a workaround. DEVICEID is the chip parameter device_id;
// DEVICEADDR, ER and IR follow from it. TEMP words are the SVD's.
// Not modelled: undocumented trim words and TRNG90B (gaps; they read erased), the ROM table's
// component entries (gaps).
#pragma once

#include "tinysim/registry.h"

namespace tinysim::nrf {

class Ficr final : public Device {
public:
    explicit Ficr(const Construction& construction);

    void state(Archive& archive) override { Device::state(archive); }
    void reset() override {}
    uint32_t read(uint32_t offset, unsigned bytes) override;
    void write(uint32_t offset, uint32_t value, unsigned bytes) override;

private:
    uint32_t word(uint32_t offset);
    uint32_t identity_word(uint32_t offset) const;

    const uint64_t device_id_;
};

class RomTable final : public Device {
public:
    explicit RomTable(const Construction& construction) { (void)construction; }

    void state(Archive& archive) override { Device::state(archive); }
    void reset() override {}
    uint32_t read(uint32_t offset, unsigned bytes) override;
    void write(uint32_t offset, uint32_t value, unsigned bytes) override;
};

}  // namespace tinysim::nrf
