#include "soc/stm32/adc_common.h"

#include <algorithm>

namespace tinysim::stm32 {

namespace {
constexpr unsigned trigger_inputs = 32, byte_mode = 3, shortest_delay_cycles = 5;
constexpr Register f4_table[] = {{"CSR", 0, 0}, {"CCR", 0, 0x00C3EF1F}, {"CDR", 0, 0}};
constexpr Register l4_table[] = {{"CSR", 0, 0}, {}, {"CCR", 0, 0x01FFEF1F}, {"CDR", 0, 0}};
constexpr Register l4_single_table[] = {{"CSR", 0, 0}, {}, {"CCR", 0, 0x01FF0000}};
constexpr uint32_t l4_settings = 0x003FFFFF;               // locked while an ADC is on

RegisterTable l4_registers(const Construction& construction) {
    return construction.number("single", 0) != 0 ? RegisterTable(l4_single_table) : RegisterTable(l4_table);
}
}  // namespace

AdcCommon::AdcCommon(const Construction& construction) : AdcCommon(construction, f4_table, Bridge::apb, {0x4, 0x8, most}) {}

AdcCommon::AdcCommon(const Construction& construction, RegisterTable table, Bridge bridge, Layout layout)
    : Peripheral(construction, table, bridge), layout_(layout) {
    const auto all = static_cast<uint32_t>(construction.number("blockReset", no_gate));
    if (tree() == nullptr || all == no_gate) return;
    tree()->on_block_reset(all, [this] {
        reset();
        for (AdcBlock* each : adcs_)
            if (each != nullptr) each->reset();
    });
}

void AdcCommon::reset() {
    Peripheral::reset();
    waiting_count_ = alternate_ = 0;
}

std::optional<Line::Sink> AdcCommon::input(unsigned number) {
    if (number >= trigger_inputs) return std::nullopt;
    return [this, number](bool level) {
        for (AdcBlock* each : adcs_)
            if (each != nullptr) each->on_external(number, level);
    };
}

uint32_t AdcCommon::read_register(uint32_t offset) {
    if (offset == layout_.control) return control();
    return offset == layout_.data ? read_data() : status();
}

void AdcCommon::write_register(uint32_t offset, uint32_t written) {
    const unsigned before = data_mode();
    store(offset, written);
    if (data_mode() == before || adcs_[0] == nullptr) return;
    waiting_count_ = 0;
    master().request().restart();
}

// MULT, DUAL: 1 to 3 combine two of the modes 5, 6, 7 and 9; on the F4 bit 4 takes ADC3 along.
unsigned AdcCommon::count() const { return (control() & 15) == 0 ? 1 : (control() & 16) != 0 ? 3 : 2; }

AdcCommon::Together AdcCommon::together(Group group) const {
    using enum Together;
    const uint32_t mode = control() & 15;
    if (group == Group::regular) return mode == 1 || mode == 2 || mode == 6 ? simultaneous : mode == 3 || mode == 7 ? interleaved : alone;
    return mode == 1 || mode == 3 || mode == 5 ? simultaneous : mode == 2 || mode == 9 ? alternate : alone;
}

bool AdcCommon::is_follower(unsigned number, Group group) const {
    return number > 1 && number <= count() && together(group) != Together::alone;
}

void AdcCommon::start(unsigned number, Group group, Tick at) {
    const Together how = together(group);
    if (is_follower(number, group)) return;
    if (number != 1 || count() == 1 || how == Together::alone) return adcs_[number - 1]->start(group, at);
    if (how == Together::alternate) {
        const unsigned which = alternate_;
        alternate_ = static_cast<uint8_t>((which + 1u) % count());
        if (adcs_[which] != nullptr) adcs_[which]->start(group, at);
        return;
    }
    const Tick delay = how == Together::interleaved ? delay_ticks() : 0;
    for (unsigned i = 0; i < count(); ++i)
        if (adcs_[i] != nullptr) adcs_[i]->start(group, at, delay * i);
}

Tick AdcCommon::spacing_ticks() const {
    return count() > 1 && together(Group::regular) == Together::interleaved ? delay_ticks() * count() : 0;
}

Tick AdcCommon::delay_ticks() const { return adcs_[0]->cycle_ticks() * (shortest_delay_cycles + (control() >> 8 & 15)); }

Tick AdcCommon::cycle_ticks(Tick bus_ticks, Tick) const { return bus_ticks * 2 * ((control() >> 16 & 3) + 1); }

// RM0090 13.9: mode 1 hands over one result after the other, 2 and 3 two at once, of which 3 has bytes.
void AdcCommon::put(uint32_t data) {
    if (waiting_count_ == waiting_.size() || (master().request().line().level() && waiting_count_ >= per_read() * most)) {
        for (unsigned i = 0; i < count(); ++i)
            if (adcs_[i] != nullptr) adcs_[i]->lose();
        waiting_count_ = 0;
        return;
    }
    waiting_[waiting_count_++] = static_cast<uint16_t>(data);
    if (waiting_count_ >= per_read()) master().request().raise();
}

uint32_t AdcCommon::read_data() {
    for (unsigned i = 0; i < count(); ++i)
        if (adcs_[i] != nullptr) adcs_[i]->data_taken();
    if (!takes_data() || waiting_count_ < per_read()) {
        const uint32_t slave = adcs_[1] == nullptr ? 0 : adcs_[1]->regular_data();
        return adcs_[0] == nullptr ? 0 : (slave & 0xFFFF) << 16 | (adcs_[0]->regular_data() & 0xFFFF);
    }
    const unsigned taken = per_read();
    const uint32_t first = waiting_[0], second = taken == 2 ? waiting_[1] : 0;
    std::copy(waiting_.begin() + taken, waiting_.end(), waiting_.begin());
    waiting_count_ = static_cast<uint8_t>(waiting_count_ - taken);
    master().request().serve(goes_on());
    if (waiting_count_ >= taken) master().request().raise();
    return data_mode() == byte_mode ? (second & 0xFF) << 8 | (first & 0xFF) : second << 16 | first;
}

uint32_t AdcCommon::status() const {
    uint32_t all = 0;
    for (unsigned i = 0; i < most; ++i)
        if (adcs_[i] != nullptr) all |= (adcs_[i]->status() & 0x3F) << (8 * i);
    return all;
}

void AdcCommon::state(Archive& archive) {
    Peripheral::state(archive);
    archive(waiting_, waiting_count_, alternate_);
}

L4AdcCommon::L4AdcCommon(const Construction& construction)
    : AdcCommon(construction, l4_registers(construction), Bridge::ahb, {0x8, 0xC, pair}) {}

void L4AdcCommon::write_register(uint32_t offset, uint32_t written) {
    const auto is_on = [](AdcBlock* each) { return each != nullptr && each->is_on(); };
    if (std::any_of(adcs_.begin(), adcs_.end(), is_on)) written = (control() & l4_settings) | (written & ~l4_settings);
    AdcCommon::write_register(offset, written);
}

// CKMODE 0: the clock of RCC_CCIPR.ADCSEL behind PRESC; else HCLK by 1, 2, 4.
Tick L4AdcCommon::cycle_ticks(Tick bus_ticks, Tick kernel_ticks) const {
    static constexpr int64_t dividers[] = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256, 256, 256};
    if (clock_mode() != 0) return bus_ticks << (clock_mode() - 1);
    return kernel_ticks * dividers[control() >> 18 & 15];
}

// RM0351 18.4.31: counts from the end of the other one's sampling on.
Tick L4AdcCommon::delay_ticks() const { return adcs_[0]->sampling_ticks() + adcs_[0]->cycle_ticks() * ((control() >> 8 & 15) + 1); }

uint32_t L4AdcCommon::status() const {
    uint32_t all = 0;
    for (unsigned i = 0; i < pair; ++i)
        if (adcs_[i] != nullptr) all |= (adcs_[i]->status() & 0x7FF) << (16 * i);
    return all;
}

}  // namespace tinysim::stm32
