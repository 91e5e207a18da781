#include "soc/nrf/ficr.h"

#include <array>

namespace tinysim::nrf {

namespace {
constexpr uint32_t erased = 0xFFFFFFFF;
constexpr uint32_t part_nibbles = 0x08, revision = 3;
constexpr int64_t default_device_id = 0x3A5C'91E7'2B64'D08F;

struct Word {
    uint32_t offset, value;
};
// clang-format off
constexpr std::array<Word, 35> factory_words{{
    {0x010, 0x00001000}, {0x014, 0x00000100},  // CODEPAGESIZE, CODESIZE
    {0x0A0, 0xFFFFFFFF},  // DEVICEADDRTYPE random
    {0x100, 0x00052840}, {0x104, 0x41414430}, {0x108, 0x00002004},  // INFO.PART, VARIANT AAD0, PACKAGE QI
    {0x10C, 0x00000100}, {0x110, 0x00000400},  // INFO.RAM, FLASH in kB
    {0x130, part_nibbles}, {0x134, revision},  // read by the vendor's errata checks
    {0x350, 0xBB42319F}, {0x354, 0xBB42319F}, {0x358, 0xBB42319F},  // PRODTEST done
    {0x404, 0xFFFFF320}, {0x408, 0xFFFFF343}, {0x40C, 0xFFFFF35D}, {0x410, 0xFFFFF400},  // TEMP.A0..A5
    {0x414, 0xFFFFF452}, {0x418, 0xFFFFF37B},
    {0x41C, 0xFFFF3FCC}, {0x420, 0xFFFF3F98}, {0x424, 0xFFFF3F98}, {0x428, 0xFFFF0012},  // TEMP.B0..B5
    {0x42C, 0xFFFF004D}, {0x430, 0xFFFF3E10},
    {0x434, 0xFFFFFFE2}, {0x438, 0xFFFFFF00}, {0x43C, 0xFFFFFF14}, {0x440, 0xFFFFFF19},  // TEMP.T0..T4
    {0x444, 0xFFFFFF50},
    {0x450, 0xFFFFFF5F}, {0x454, 0xFFFFFFFF}, {0x458, 0xFFFFFFFF}, {0x45C, 0xFFFFFFFF},  // NFC.TAGHEADER0..3
    {0x0A8, 0xFFFF0000},  // upper half of DEVICEADDR[1]
}};
// clang-format on

// CoreSight identity: part 0x008, designer JEP106 0x244 (Nordic), then the class of a ROM table.
// clang-format off
constexpr std::array<Word, 12> rom_table_words{{
    {0xFD0, 0x02}, {0xFD4, 0x00}, {0xFD8, 0x00}, {0xFDC, 0x00},  // PIDR4..7
    {0xFE0, part_nibbles}, {0xFE4, 0x40}, {0xFE8, revision << 4 | 0x0C}, {0xFEC, 0x00},  // PIDR0..3
    {0xFF0, 0x0D}, {0xFF4, 0x10}, {0xFF8, 0x05}, {0xFFC, 0xB1},  // CIDR0..3
}};
// clang-format on

template <size_t count>
const Word* find(const std::array<Word, count>& words, uint32_t offset) {
    for (const Word& each : words)
        if (each.offset == offset) return &each;
    return nullptr;
}

uint32_t narrowed(uint32_t value, uint32_t offset, unsigned bytes) {
    value >>= (offset & 3) * 8;
    return bytes == 4 ? value : value & (bytes == 1 ? 0xFFu : 0xFFFFu);
}

uint64_t mixed(uint64_t state) {  // splitmix64, by S. Vigna
    state += 0x9E3779B97F4A7C15;
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
    return state ^ (state >> 31);
}
}  // namespace

Ficr::Ficr(const Construction& construction)
    : device_id_(static_cast<uint64_t>(construction.chip_number("device_id", default_device_id))) {}

uint32_t Ficr::identity_word(uint32_t offset) const {
    if (offset == 0x060) return static_cast<uint32_t>(device_id_);
    if (offset == 0x064) return static_cast<uint32_t>(device_id_ >> 32);
    return static_cast<uint32_t>(mixed(device_id_ ^ offset));
}

uint32_t Ficr::word(uint32_t offset) {
    const bool is_own_to_the_chip = offset == 0x060 || offset == 0x064 ||   // DEVICEID
                                    (offset >= 0x080 && offset < 0x0A0) ||  // ER, IR
                                    offset == 0x0A4 || offset == 0x0A8;     // DEVICEADDR
    const Word* fixed = find(factory_words, offset);
    if (is_own_to_the_chip) return identity_word(offset) | (fixed != nullptr ? fixed->value : 0);
    if (fixed != nullptr) return fixed->value;
    not_modelled();
    return offset == 0xC0C ? 0x00000210 : erased;  // TRNG90B.STARTUP
}

uint32_t Ficr::read(uint32_t offset, unsigned bytes) {
    return narrowed(word(offset & ~3u), offset, bytes);
}

void Ficr::write(uint32_t, uint32_t, unsigned) { refuse(); }

uint32_t RomTable::read(uint32_t offset, unsigned bytes) {
    const Word* found = find(rom_table_words, offset & ~3u);
    if (found == nullptr) not_modelled();
    return found == nullptr ? 0 : narrowed(found->value, offset, bytes);
}

void RomTable::write(uint32_t, uint32_t, unsigned) { not_modelled(); }

}  // namespace tinysim::nrf
