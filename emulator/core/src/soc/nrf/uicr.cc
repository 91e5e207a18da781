#include "soc/nrf/uicr.h"

#include <cstring>

namespace tinysim::nrf {

namespace {
constexpr uint32_t size_bytes = 0x1000;
constexpr uint8_t erased = 0xFF;
}  // namespace

Uicr::Uicr(const Construction& construction)
    : flash_(construction.name, size_bytes, MemoryKind::flash, erased) {}

uint32_t Uicr::read(uint32_t offset, unsigned bytes) {
    if (offset >= size_bytes) {
        not_modelled();
        return 0;
    }
    uint32_t value = 0;
    std::memcpy(&value, flash_.data() + offset, bytes);
    return value;
}

void Uicr::write(uint32_t offset, uint32_t value, unsigned bytes) {
    if (offset >= size_bytes || !flash_.on_store || !flash_.on_store(offset, value, bytes))
        refuse();
}

void Uicr::state(Archive& archive) {
    Device::state(archive);
    archive(flash_);
}

}  // namespace tinysim::nrf
