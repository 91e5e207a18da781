#include "soc/stm32/pwr_l4.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CR1 = 0x00, CR2 = 0x04, SR1 = 0x10, SR2 = 0x14, SCR = 0x18, CR5 = 0x80 };
constexpr uint32_t vos = 3u << 9, range_1 = 1u << 9, range_2 = 2u << 9, low_power_run = 1u << 14, backup_access = 1u << 8,
                   low_power_mode = 7, io_supply_valid = 1u << 9, normal_mode = 1u << 8, regulator_low_power = 1u << 9,
                   voltage_scaling = 1u << 10;
constexpr uint32_t pins = 0xFFFF;

#define PORT(letter, mask) {"PUCR" letter, 0, mask}, {"PDCR" letter, 0, mask}
constexpr Register l4[] = {
    {"CR1", range_1, 0x4707}, {"CR2", 0, 0x06FF}, {"CR3", 0x8000, 0x851F}, {"CR4", 0, 0x031F}, {"SR1", 0, 0}, {"SR2", 0, 0},
    {"SCR", 0, 0}, {}, PORT("A", pins), PORT("B", pins), PORT("C", pins), PORT("D", pins), PORT("E", pins), PORT("F", pins),
    PORT("G", pins), PORT("H", 3),
};
constexpr Register l4_plus[] = {
    {"CR1", range_1, 0x4717}, {"CR2", 0, 0x06FF}, {"CR3", 0x8000, 0x9D1F}, {"CR4", 0, 0x031F}, {"SR1", 0, 0}, {"SR2", 0, 0},
    {"SCR", 0, 0}, {}, PORT("A", pins), PORT("B", pins), PORT("C", pins), PORT("D", pins), PORT("E", pins), PORT("F", pins),
    PORT("G", pins), PORT("H", pins), PORT("I", 0xFFF), {}, {}, {}, {}, {}, {}, {"CR5", normal_mode, normal_mode},
};
#undef PORT
constexpr int range_priority = 10;

bool is_plus(const Construction& construction) { return construction.number("plus", 0) != 0; }
ClockListener* listener(const Construction& construction, const char* attribute) {
    return dynamic_cast<ClockListener*>(construction.node(attribute));
}
}  // namespace

L4Pwr::L4Pwr(const Construction& construction)
    : Peripheral(construction, is_plus(construction) ? RegisterTable(l4_plus) : RegisterTable(l4), Bridge::apb),
      plus_(is_plus(construction)),
      range_1_ticks_(scheduler_.ticks_per_second() / 1'000'000 * construction.chip_number("range_1_startup_ns", 20'000) / 1000),
      listeners_{listener(construction, "rcc"), listener(construction, "flash")},
      range_event_(name_ + ".vos", range_priority, [this](Tick) { announce(); }) {}

void L4Pwr::reset() {
    Peripheral::reset();
    scheduler_.cancel(range_event_);
    backup_access_.set(false);
    io_supply_.set(false);
    announce();
}

Line* L4Pwr::output(std::string_view name) {
    if (name == "DBP") return &backup_access_;
    return name == "IOSV" ? &io_supply_ : Peripheral::output(name);
}

VoltageRange L4Pwr::range() const {
    if ((value(CR1) & vos) == range_2) return VoltageRange::range_2;
    return plus_ && (value(CR5) & normal_mode) == 0 ? VoltageRange::range_1_boost : VoltageRange::range_1;
}

void L4Pwr::announce() {
    for (ClockListener* each : listeners_)
        if (each != nullptr) each->voltage_range_changed(range());
}

uint32_t L4Pwr::read_register(uint32_t offset) {
    if (offset != SR2) return value(offset);
    return ((value(CR1) & low_power_run) != 0 ? regulator_low_power : 0) | (range_event_.is_scheduled() ? voltage_scaling : 0);
}

void L4Pwr::write_register(uint32_t offset, uint32_t written) {
    if (offset == CR1) return write_cr1(written);
    store(offset, written);
    if (offset == CR2) io_supply_.set((value(CR2) & io_supply_valid) != 0);
    if (offset == CR5 && !range_event_.is_scheduled()) announce();
}

// VOS of 0 or 3 is refused by the hardware.
void L4Pwr::write_cr1(uint32_t written) {
    const uint32_t before = value(CR1) & vos, wanted = written & vos;
    if (wanted != range_1 && wanted != range_2) written = (written & ~vos) | before;
    store(CR1, written);
    backup_access_.set((value(CR1) & backup_access) != 0);
    if ((value(CR1) & low_power_mode) != 0) not_modelled();
    if ((value(CR1) & vos) == before) return;
    scheduler_.cancel(range_event_);
    if ((value(CR1) & vos) == range_1) scheduler_.after(range_event_, range_1_ticks_);
    else announce();
}

void L4Pwr::state(Archive& archive) {
    Peripheral::state(archive);
    archive(range_event_, backup_access_, io_supply_);
}

}  // namespace tinysim::stm32
