// UICR: the customer's one page of flash. nRF52840 Product Specification 4.4.2. Kept over resets
// and erased as shipped. A store goes to the flash controller that took hold of memory().on_store
// (NVMC); without one it is refused.
// Not modelled: what the words do (reset pin, NFC pins, APPROTECT, REGOUT0), the erase of
// 0x10001000 by APPROTECT.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/memory.h"
#include "tinysim/registry.h"

namespace tinysim::nrf {

class Uicr final : public Device {
public:
    explicit Uicr(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override {}
    uint32_t read(uint32_t offset, unsigned bytes) override;
    void write(uint32_t offset, uint32_t value, unsigned bytes) override;
    Memory* memory() override { return &flash_; }

private:
    Memory flash_;
};

}  // namespace tinysim::nrf
