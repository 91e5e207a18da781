#include "soc/stm32/crc.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { DR = 0x00, IDR = 0x04, CR = 0x08 };
constexpr uint32_t start = 0xFFFFFFFF, polynomial = 0x04C11DB7;
constexpr Register table[] = {{"DR", start, 0}, {"IDR", 0, 0xFF}, {"CR", 0, 0}};
}  // namespace

Crc::Crc(const Construction& construction) : Peripheral(construction, table, Bridge::ahb) {}

void Crc::write_register(uint32_t offset, uint32_t written) {
    if (offset == IDR) store(IDR, written);
    if (offset == CR && (written & 1) != 0) value(DR) = start;
    if (offset != DR) return;
    uint32_t crc = value(DR) ^ written;
    for (int bit = 0; bit < 32; ++bit) crc = crc << 1 ^ ((crc >> 31) != 0 ? polynomial : 0);
    value(DR) = crc;
}

}  // namespace tinysim::stm32
