#include "soc/stm32/pwr.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CR = 0x00, CSR = 0x04 };
// RM0090 5.4.1: VOS is 1 after reset; the SVD of the F407 lists neither VOS nor its reset value.
constexpr Register plain[] = {{"CR", 0x00004000, 0x000043F3}, {"CSR", 0x00004000, 0x00000300}};
constexpr Register with_over_drive[] = {{"CR", 0x0000C000, 0x000FFFF3}, {"CSR", 0x00004000, 0x00000300}};
constexpr uint32_t over_drive_bits = 3u << 16, backup_regulator = 1u << 9, backup_access = 1u << 8;
}  // namespace

Pwr::Pwr(const Construction& construction)
    : Peripheral(construction, construction.number("overDrive", 0) != 0 ? RegisterTable(with_over_drive) : RegisterTable(plain),
                 Bridge::apb),
      over_drive_(construction.number("overDrive", 0) != 0) {}

void Pwr::reset() {
    Peripheral::reset();
    backup_access_.set(false);
}

uint32_t Pwr::read_register(uint32_t offset) {
    if (offset != CSR) return value(offset);
    const uint32_t ready = (value(CSR) & backup_regulator) != 0 ? 1u << 3 : 0;      // BRR
    return value(CSR) | ready | (over_drive_ ? value(CR) & over_drive_bits : 0);
}

void Pwr::write_register(uint32_t offset, uint32_t written) {
    store(offset, written);
    if (offset == CR) backup_access_.set((value(CR) & backup_access) != 0);
}

void Pwr::state(Archive& archive) {
    Peripheral::state(archive);
    archive(backup_access_);
}

}  // namespace tinysim::stm32
