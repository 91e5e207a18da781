#include "soc/stm32/exti.h"

#include <algorithm>
#include <charconv>

namespace tinysim::stm32 {

namespace {
enum : uint32_t { IMR = 0x00, EMR = 0x04, RTSR = 0x08, FTSR = 0x0C, SWIER = 0x10, PR = 0x14 };
constexpr uint32_t bank_bytes = 0x20, all_lines = 0x007FFFFF, edges_1 = 0x007DFFFF, edges_2 = 0x78, all = 0xFFFFFFFF;
constexpr Register f4_table[] = {
    {"IMR", 0, all_lines}, {"EMR", 0, all_lines}, {"RTSR", 0, all_lines}, {"FTSR", 0, all_lines},
    {"SWIER", 0, all_lines}, {"PR", 0, 0},
};
constexpr Register l4_table[] = {
    {"IMR1", 0xFF820000, all}, {"EMR1", 0, all}, {"RTSR1", 0, edges_1}, {"FTSR1", 0, edges_1}, {"SWIER1", 0, edges_1},
    {"PR1", 0, 0}, {}, {},
    {"IMR2", 0xFFFFFF87, 0xFF}, {"EMR2", 0, 0xFF}, {"RTSR2", 0, edges_2}, {"FTSR2", 0, edges_2}, {"SWIER2", 0, edges_2},
    {"PR2", 0, 0},
};
constexpr unsigned f4_lines = 23, l4_lines = 40;
}  // namespace

Exti::Exti(const Construction& construction) : Exti(construction, f4_table, f4_lines) {}

Exti::Exti(const Construction& construction, RegisterTable table, unsigned lines)
    : Peripheral(construction, table, Bridge::apb), system_(construction.system), lines_(lines) {}

L4Exti::L4Exti(const Construction& construction) : Exti(construction, l4_table, l4_lines) {}

void Exti::reset() {
    Peripheral::reset();
    refresh();
}

Line* Exti::output(std::string_view name) {
    constexpr std::string_view event = "Event";
    const bool is_event = name.starts_with(event);
    if (is_event) name.remove_prefix(event.size());
    unsigned line = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), line);
    if (error != std::errc{} || end != name.data() + name.size() || line >= lines_) return nullptr;
    return is_event ? &events_[line] : &outputs_[line];
}

std::optional<Line::Sink> Exti::input(unsigned number) {
    if (number >= lines_) return std::nullopt;
    return [this, number](bool level) { on_edge(number, level); };
}

void Exti::on_edge(unsigned line, bool rising) {
    const uint32_t bank = line / lines_per_bank * bank_bytes;
    if ((value(bank + (rising ? RTSR : FTSR)) >> line % lines_per_bank & 1) == 0) return;
    const uint32_t bit = 1u << line % lines_per_bank;
    if ((value(bank + EMR) & bit) != 0) system_.send_event();
    value(bank + PR) |= bit;
    events_[line].pulse();
    refresh();
}

void Exti::write_register(uint32_t offset, uint32_t written) {
    const uint32_t bank = offset / bank_bytes * bank_bytes, which = offset % bank_bytes, before = value(bank + SWIER);
    store(offset, written);
    if (which == SWIER) {
        const uint32_t risen = value(offset) & ~before;
        value(bank + PR) |= risen & value(bank + IMR);
        if ((risen & value(bank + EMR)) != 0) system_.send_event();
    }
    if (which == PR) {
        value(offset) &= ~written;
        value(bank + SWIER) &= ~written;
    }
    refresh();
}

void Exti::refresh() {
    for (unsigned first = 0; first < lines_; first += lines_per_bank) {
        const uint32_t bank = first / lines_per_bank * bank_bytes, active = value(bank + PR) & value(bank + IMR);
        for (unsigned line = first; line < std::min(lines_, first + lines_per_bank); ++line)
            outputs_[line].set((active >> (line - first) & 1) != 0);
    }
}

void Exti::state(Archive& archive) {
    Peripheral::state(archive);
    archive(outputs_, events_);
}

}  // namespace tinysim::stm32
