#include "soc/nrf/temp.h"

namespace tinysim::nrf {

namespace {
constexpr uint32_t temp_offset = 0x508;
constexpr unsigned start = 0, stop = 1, datardy = 0;
constexpr int64_t quarter_millicelsius = 250;
constexpr int temp_priority = 40;

struct Trim {
    uint32_t offset, mask, after_reset;
};
// clang-format off
constexpr std::array<Trim, 17> trim_table{{
    {0x520, 0xFFF, 0x326}, {0x524, 0xFFF, 0x348}, {0x528, 0xFFF, 0x3AA},        // A0..A5: slopes
    {0x52C, 0xFFF, 0x40E}, {0x530, 0xFFF, 0x4BD}, {0x534, 0xFFF, 0x5A3},
    {0x540, 0x3FFF, 0x3FEF}, {0x544, 0x3FFF, 0x3FBE}, {0x548, 0x3FFF, 0x3FBE},  // B0..B5: intercepts
    {0x54C, 0x3FFF, 0x0012}, {0x550, 0x3FFF, 0x0124}, {0x554, 0x3FFF, 0x027C},
    {0x560, 0xFF, 0xE2}, {0x564, 0xFF, 0x00}, {0x568, 0xFF, 0x19},              // T0..T4
    {0x56C, 0xFF, 0x3C}, {0x570, 0xFF, 0x50},
}};
// clang-format on

size_t trim_index(uint32_t offset) {
    size_t index = 0;
    while (index < trim_table.size() && trim_table[index].offset != offset) ++index;
    return index;
}

int64_t floor_divide(int64_t value, int64_t divisor) {
    return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}
}  // namespace

Temp::Temp(const Construction& construction)
    : Peripheral(construction),
      measurement_ticks_(construction.chip_number("temp_measurement_us", 36) *
                         scheduler_.ticks_per_second() / 1'000'000),
      quarter_celsius_(static_cast<int32_t>(floor_divide(
          construction.chip_number("die_temperature_millicelsius", 25'000), quarter_millicelsius))),
      ready_event_(name_ + ".datardy", temp_priority, [this](Tick) {
          result_ = quarter_celsius_;
          raise(datardy);
      }) {
    has_tasks({start, stop});
    has_events({datardy});
    Temp::reset();
}

void Temp::reset() {
    Peripheral::reset();
    scheduler_.cancel(ready_event_);
    for (size_t i = 0; i < trim_.size(); ++i) trim_[i] = trim_table[i].after_reset;
    result_ = 0;
}

void Temp::task(unsigned index) {
    if (index == start)
        scheduler_.after(ready_event_, measurement_ticks_);
    else
        scheduler_.cancel(ready_event_);
}

uint32_t Temp::read_register(uint32_t offset) {
    if (offset == temp_offset) return static_cast<uint32_t>(result_);
    const size_t index = trim_index(offset);
    if (index < trim_.size()) return trim_[index];
    not_modelled();
    return 0;
}

void Temp::write_register(uint32_t offset, uint32_t value) {
    const size_t index = trim_index(offset);
    if (index < trim_.size())
        trim_[index] = value & trim_table[index].mask;
    else
        not_modelled();
}

void Temp::state(Archive& archive) {
    Peripheral::state(archive);
    archive(ready_event_, trim_, result_);
}

}  // namespace tinysim::nrf
