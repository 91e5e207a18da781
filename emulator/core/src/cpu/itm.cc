#include "cpu/itm.h"

#include <string>

#include "cpu/run_log.h"

namespace tinysim {
namespace {

enum Register : uint32_t { ports_end = 0x400, ter = 0xE00, tpr = 0xE40, tcr = 0xE80, lar = 0xFB0, lsr = 0xFB4 };
enum Tpiu : uint32_t { sspsr = 0, cspsr = 4, acpr = 0x10, sppr = 0xF0, ffsr = 0x300, ffcr = 0x304, type = 0xFC8 };
constexpr uint32_t unlock_key = 0xC5AC'CE55;
constexpr uint32_t tcr_bits = 0x007F'0F1F;
constexpr unsigned ports = 32;

}  // namespace

void Itm::name_ports() {
    for (unsigned port = 0; port < mark_port; ++port) uarts_[port] = recorder_.name_uart("itm" + std::to_string(port));
    mark_level_ = recorder_.name_level("itm31");
    named_ = true;
}

void Itm::enable_all() {
    control_ = 0x0001'000D;                                  // bus 1, DWT packets, synchronisation, ITM
    enabled_ = 0xFFFF'FFFF;
}

bool Itm::read(uint32_t offset, bool unit_enabled, uint32_t& value) const {
    value = 0;
    if (offset < ports_end) {
        if (offset / 4 < ports) value = is_on(offset / 4, unit_enabled);
        return true;                                         // a port that is not implemented reads as zero
    }
    switch (offset) {
        case ter: value = enabled_; return true;
        case tpr: value = privileged_only_; return true;
        case tcr: value = control_; return true;
        case lar: return true;
        case lsr: value = 1u | static_cast<uint32_t>(locked_) << 1; return true;
        default: return offset >= 0xFD0;                     // identification: not told
    }
}

bool Itm::write(uint32_t offset, uint32_t value, unsigned bytes, bool unit_enabled, bool privileged) {
    if (offset < ports_end) {
        const unsigned port = offset / 4;
        const bool may = privileged || (privileged_only_ >> port / 8 & 1) == 0;
        if (port < ports && may && is_on(port, unit_enabled)) stimulate(port, value, bytes);
        return true;
    }
    if (!privileged) return true;
    if (offset == lar) {
        locked_ = value != unlock_key;
        return true;
    }
    if (offset != ter && offset != tpr && offset != tcr) return offset == lsr;
    if (locked_) return true;
    if (offset == ter) enabled_ = value;
    else if (offset == tpr) privileged_only_ = value & 15;
    else control_ = value & tcr_bits;
    return true;
}

void Itm::stimulate(unsigned port, uint32_t value, unsigned bytes) {
    if (!named_) name_ports();
    if (port == mark_port) return mark(value);
    for (unsigned i = 0; i < bytes; ++i) recorder_.uart_byte(uarts_[port], static_cast<uint8_t>(value >> (8 * i)));
}

// Ends the stage that is open and begins that of the value, if the host has named one.
void Itm::mark(uint32_t value) {
    recorder_.level(mark_level_, static_cast<int32_t>(value));
    if (open_stage_ != 0) log_.stages[open_stage_ - 1].exit = scheduler_.now();
    open_stage_ = 0;
    const auto stage = stages_.find(value);
    if (stage == stages_.end()) return;
    log_.stages.push_back({scheduler_.now(), never, stage->second});
    open_stage_ = log_.stages.size();
}

bool Itm::read_tpiu(uint32_t offset, uint32_t& value) const {
    value = 0;
    switch (offset) {
        case sspsr: value = 0xF; return true;                // port sizes 1 to 4
        case cspsr: value = tpiu_port_size_; return true;
        case acpr: value = tpiu_prescaler_; return true;
        case sppr: value = tpiu_protocol_; return true;
        case ffsr: value = 8; return true;                   // the formatter cannot be stopped
        case ffcr: value = tpiu_formatter_; return true;
        case type: value = 0xCA0; return true;               // NRZ and Manchester SWO
        default: return false;
    }
}

bool Itm::write_tpiu(uint32_t offset, uint32_t value) {
    switch (offset) {
        case cspsr: tpiu_port_size_ = value; return true;
        case acpr: tpiu_prescaler_ = value & 0x1FFF; return true;
        case sppr: tpiu_protocol_ = value & 3; return true;
        case ffcr: tpiu_formatter_ = (value & 2) | 0x100; return true;
        case lar: return true;
        default: return false;
    }
}

void Itm::state(Archive& archive) {
    archive(control_, enabled_, privileged_only_, locked_, open_stage_, tpiu_port_size_, tpiu_prescaler_, tpiu_protocol_, tpiu_formatter_);
}

}  // namespace tinysim
