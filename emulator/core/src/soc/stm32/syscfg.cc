#include "soc/stm32/syscfg.h"

#include <array>
#include <charconv>
#include <stdexcept>

namespace tinysim::stm32 {

namespace {
enum : uint32_t { MEMRMP = 0x00, EXTICR1 = 0x08, EXTICR4 = 0x14, CMPCR = 0x20 };
constexpr uint32_t swapped_banks = 1u << 8;     // MEMRMP.FB_MODE
constexpr unsigned boot_input = 176;
struct F4Bits {
    int64_t series;
    uint32_t memrmp, pmc, cfgr;           // CFGR: at 0x2C, not all have it
};
constexpr F4Bits f4_bits[] = {{401, 0x003, 0x10000, 0}, {407, 0x003, 0x800000, 0}, {411, 0x003, 0x10000, 0},
                              {429, 0xD07, 0x870000, 0}, {446, 0xC07, 0x070000, 3}};
constexpr size_t f4_registers = 0x2C / 4 + 1;

constexpr std::array<Register, f4_registers> f4_table(const F4Bits& bits) {
    std::array<Register, f4_registers> table{{
        {"MEMRMP", 0, bits.memrmp}, {"PMC", 0, bits.pmc}, {"EXTICR1", 0, 0xFFFF}, {"EXTICR2", 0, 0xFFFF},
        {"EXTICR3", 0, 0xFFFF}, {"EXTICR4", 0, 0xFFFF}, {}, {}, {"CMPCR", 0, 1}}};
    if (bits.cfgr != 0) table[0x2C / 4] = {"CFGR", 0, bits.cfgr};
    return table;
}
constexpr std::array f4_tables = {f4_table(f4_bits[0]), f4_table(f4_bits[1]), f4_table(f4_bits[2]), f4_table(f4_bits[3]),
                                  f4_table(f4_bits[4])};

RegisterTable f4_table_of(const Construction& construction) {
    const int64_t series = construction.number("series", 407);
    for (size_t i = 0; i < f4_tables.size(); ++i)
        if (f4_bits[i].series == series) return f4_tables[i];
    throw std::invalid_argument("STM32_SYSCFG: series " + std::to_string(series) + " is not known: 401, 407, 411, 429 or 446");
}

constexpr uint32_t compensation_ready = 1u << 8;

enum : uint32_t { SCSR = 0x18, CFGR2 = 0x1C, SWPR = 0x20, SWPR2 = 0x28 };
constexpr uint32_t errors_locked = 0xF, sram2_erase = 1, all = 0xFFFFFFFF;
constexpr Register l4_table[] = {
    {"MEMRMP", 0, 0x107}, {"CFGR1", 0x7C000001, 0xFC7F0101}, {"EXTICR1", 0, 0x7777}, {"EXTICR2", 0, 0x7777},
    {"EXTICR3", 0, 0x7777}, {"EXTICR4", 0, 0x7777}, {"SCSR", 0, 0}, {"CFGR2", 0, errors_locked}, {"SWPR", 0, all}, {"SKR", 0, 0},
};
constexpr Register l4_plus_table[] = {
    {"MEMRMP", 0, 0x107}, {"CFGR1", 0x7C000001, 0xFCFF0301}, {"EXTICR1", 0, 0xFFFF}, {"EXTICR2", 0, 0xFFFF},
    {"EXTICR3", 0, 0xFFFF}, {"EXTICR4", 0, 0xFFFF}, {"SCSR", 0, 0}, {"CFGR2", 0, errors_locked}, {"SWPR", 0, all}, {"SKR", 0, 0},
    {"SWPR2", 0, all},
};
}  // namespace

Syscfg::Syscfg(const Construction& construction) : Syscfg(construction, f4_table_of(construction)) {}

Syscfg::Syscfg(const Construction& construction, RegisterTable table) : Peripheral(construction, table, Bridge::apb) {
    Syscfg::reset();
}

L4Syscfg::L4Syscfg(const Construction& construction)
    : Syscfg(construction, construction.number("plus", 0) != 0 ? RegisterTable(l4_plus_table) : RegisterTable(l4_table)) {}

void Syscfg::reset() {
    Peripheral::reset();
    value(MEMRMP) = starts_swapped_ ? swapped_banks : 0;
    bank_swap_.set(starts_swapped_);
    for (unsigned line = 0; line < lines; ++line) refresh(line);
}

Line* Syscfg::output(std::string_view name) {
    if (name == "BankSwap") return &bank_swap_;
    unsigned line = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), line);
    return error == std::errc{} && end == name.data() + name.size() && line < lines ? &outputs_[line] : nullptr;
}

std::optional<Line::Sink> Syscfg::input(unsigned number) {
    const unsigned port = number / lines, pin = number % lines;
    if (number == boot_input) return [this](bool is_set) { starts_swapped_ = is_set; };
    if (port >= ports) return std::nullopt;
    return [this, port, pin](bool level) {
        const auto bit = static_cast<uint16_t>(1u << pin);
        levels_[port] = static_cast<uint16_t>(level ? levels_[port] | bit : levels_[port] & ~bit);
        refresh(pin);
    };
}

uint32_t Syscfg::read_register(uint32_t offset) {
    return offset == CMPCR && value(CMPCR) != 0 ? value(CMPCR) | compensation_ready : value(offset);
}

void Syscfg::write_register(uint32_t offset, uint32_t written) {
    store(offset, written);
    if (offset == MEMRMP) bank_swap_.set((value(MEMRMP) & swapped_banks) != 0);
    if (offset == MEMRMP && (value(MEMRMP) & ~swapped_banks) != 0) {
        not_modelled();
        warn_once(warned_remap_, "MEMRMP asks for another memory at address 0: not modelled, it stays the flash");
    }
    if (offset < EXTICR1 || offset > EXTICR4) return;
    for (unsigned line = (offset - EXTICR1); line < offset - EXTICR1 + 4; ++line) refresh(line);
}

uint32_t L4Syscfg::read_register(uint32_t offset) { return value(offset); }

// CFGR2's locks and the pages of SWPR are set only.
void L4Syscfg::write_register(uint32_t offset, uint32_t written) {
    if (offset == SCSR && (written & sram2_erase) != 0) not_modelled();
    if (offset == CFGR2 || offset == SWPR || offset == SWPR2) written |= value(offset);
    Syscfg::write_register(offset, written);
}

unsigned Syscfg::port_of(unsigned line) const { return value(EXTICR1 + line / 4 * 4) >> (line % 4 * 4) & 15; }

void Syscfg::refresh(unsigned line) { outputs_[line].set((levels_[port_of(line)] >> line & 1) != 0); }

void Syscfg::state(Archive& archive) {
    Peripheral::state(archive);
    archive(levels_, outputs_, bank_swap_, starts_swapped_, warned_remap_);
}

}  // namespace tinysim::stm32
