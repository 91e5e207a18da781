#include "soc/stm32/crc_l4.h"

#include <algorithm>

#include "soc/stm32/bit_order.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { DR = 0x00, IDR = 0x04, CR = 0x08, INIT = 0x10, POL = 0x14 };
constexpr uint32_t start = 0xFFFFFFFF, polynomial = 0x04C11DB7, all = 0xFFFFFFFF, restart = 1, reverse_out = 1u << 7;
constexpr Register table[] = {{"DR", start, 0}, {"IDR", 0, 0xFF}, {"CR", 0, 0xF8}, {}, {"INIT", start, all}, {"POL", polynomial, all}};

// CR.REV_IN: in bytes, halfwords or the word, each within the item.
uint32_t reversed_in(uint32_t item, unsigned bits, unsigned code) {
    if (code == 0) return item;
    const unsigned group = std::min(bits, 4u << code);
    uint32_t result = 0;
    for (unsigned at = 0; at < bits; at += group) result |= reversed(item >> at, group) << at;
    return result;
}
}  // namespace

L4Crc::L4Crc(const Construction& construction) : Peripheral(construction, table, Bridge::ahb) {}

void L4Crc::reset() {
    Peripheral::reset();
    crc_ = start;
}

unsigned L4Crc::width() const {
    static constexpr unsigned widths[] = {32, 16, 8, 7};
    return widths[value(CR) >> 3 & 3];
}

uint32_t L4Crc::read_register(uint32_t offset) {
    if (offset != DR) return value(offset);
    return (value(CR) & reverse_out) != 0 ? reversed(crc_, width()) : crc_ & mask();
}

void L4Crc::write_register(uint32_t offset, uint32_t written) {
    store(offset, written);
    if (offset == INIT || (offset == CR && (written & restart) != 0)) crc_ = value(INIT);
    if (offset == DR) feed(access_bytes_ == 4 ? written : written & (access_bytes_ == 1 ? 0xFFu : 0xFFFFu), access_bytes_ * 8);
}

void L4Crc::feed(uint32_t item, unsigned bits) {
    item = reversed_in(item, bits, value(CR) >> 5 & 3);
    const unsigned top = width() - 1;
    for (unsigned bit = bits; bit-- > 0;) {
        const uint32_t carry = (crc_ >> top ^ item >> bit) & 1;
        crc_ = (crc_ << 1 ^ (carry != 0 ? value(POL) : 0)) & mask();
    }
}

void L4Crc::state(Archive& archive) {
    Peripheral::state(archive);
    archive(crc_);
}

}  // namespace tinysim::stm32
