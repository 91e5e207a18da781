#include "soc/stm32/gpio.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace tinysim::stm32 {

namespace {
enum : uint32_t {
    MODER = 0x00, OTYPER = 0x04, OSPEEDR = 0x08, PUPDR = 0x0C, IDR = 0x10, ODR = 0x14, BSRR = 0x18, LCKR = 0x1C,
    AFRL = 0x20, AFRH = 0x24, BRR = 0x28
};
constexpr uint32_t all = 0xFFFFFFFF, pins = 0xFFFF, lock_key = 1u << 16;
constexpr Register table[] = {
    {"MODER", 0, all}, {"OTYPER", 0, pins}, {"OSPEEDR", 0, all}, {"PUPDR", 0, all}, {"IDR", 0, 0}, {"ODR", 0, pins},
    {"BSRR", 0, 0}, {"LCKR", 0, 0x1FFFF}, {"AFRL", 0, all}, {"AFRH", 0, all}, {"BRR", 0, 0}, {"ASCR", 0, pins},
};
constexpr int64_t f4_registers = 10;

RegisterTable table_of(const Construction& construction) {
    const auto wanted = static_cast<size_t>(construction.number("registerCount", f4_registers));
    return RegisterTable(table).first(std::min(wanted, std::size(table)));
}
constexpr uint32_t output_mode = 1, analog_mode = 3, pull_up = 1;
}  // namespace

Gpio::Gpio(const Construction& construction)
    : Peripheral(construction, table_of(construction), Bridge::ahb),
      mode_after_reset_(static_cast<uint32_t>(construction.number("modeResetValue", 0))),
      speed_after_reset_(static_cast<uint32_t>(construction.number("outputSpeedResetValue", 0))),
      pull_after_reset_(static_cast<uint32_t>(construction.number("pullUpPullDownResetValue", 0))) {
    Gpio::reset();
}

void Gpio::reset() {
    Peripheral::reset();
    value(MODER) = mode_after_reset_;
    value(OSPEEDR) = speed_after_reset_;
    value(PUPDR) = pull_after_reset_;
    locked_ = 0;
    lock_step_ = 0;
    refresh(pins);
}

Line* Gpio::output(std::string_view name) {
    unsigned pin = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pin);
    const bool is_number = error == std::errc{} && end == name.data() + name.size();
    return is_number && pin < pins_per_port ? &pins_[pin] : nullptr;
}

std::optional<Line::Sink> Gpio::input(unsigned number) {
    if (number == pins_per_port) {
        supplied_ = false;
        return [this](bool valid) {
            supplied_ = valid;
            refresh(pins);
        };
    }
    if (number > pins_per_port) return std::nullopt;
    const uint32_t bit = 1u << number;
    outside_ |= bit;
    refresh(bit);
    return [this, bit](bool level) {
        outside_level_ = level ? outside_level_ | bit : outside_level_ & ~bit;
        refresh(bit);
    };
}

uint32_t Gpio::mode_of(unsigned pin) const { return (value(MODER) >> (2 * pin)) & 3; }

uint32_t Gpio::merge_base(uint32_t offset) { return offset == BSRR || offset == BRR ? 0 : value(offset); }

uint32_t Gpio::read_register(uint32_t offset) {
    if (offset == BSRR) return 0;
    if (offset == LCKR && lock_step_ == 3) lock_step_ = 4, locked_ = value(LCKR) & pins;
    if (offset != IDR) return value(offset);
    uint32_t analog = 0;
    for (unsigned pin = 0; pin < pins_per_port; ++pin) analog |= (mode_of(pin) == analog_mode ? 1u : 0u) << pin;
    return level_ & ~analog;
}

void Gpio::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case IDR: return;
    case ODR: return write_odr(written);
    case BSRR: return write_bsrr(written);
    case LCKR: return write_lckr(written);
    case BRR: return write_odr(value(ODR) & ~written);
    default: break;
    }
    if (!supplied_ && offset == MODER && written != mode_after_reset_)
        warn_once(warned_supply_, "pins are configured while their supply is not declared valid (PWR_CR2.IOSV): they stay cut off");
    const uint32_t frozen = locked_bits(offset);
    store(offset, (value(offset) & frozen) | (written & ~frozen));
    refresh(pins);
}

void Gpio::write_odr(uint32_t written) {
    const uint32_t changed = (value(ODR) ^ written) & pins;
    value(ODR) ^= changed;
    refresh(changed);
}

void Gpio::write_bsrr(uint32_t written) { write_odr((value(ODR) & ~(written >> 16)) | (written & pins)); }

// Key high, low, high with the same pins, then a read: frozen until reset (RM0090 8.3.8).
void Gpio::write_lckr(uint32_t written) {
    if (lock_step_ == 4) return;
    const bool key = (written & lock_key) != 0;
    const bool fits = key == (lock_step_ != 1) && (lock_step_ == 0 || (written & pins) == (value(LCKR) & pins));
    lock_step_ = fits && lock_step_ < 3 ? static_cast<uint8_t>(lock_step_ + 1) : key ? 1 : 0;
    value(LCKR) = (written & pins) | (lock_step_ == 3 ? lock_key : 0);
}

uint32_t Gpio::locked_bits(uint32_t offset) const {
    if (locked_ == 0) return 0;
    const unsigned width = offset == OTYPER ? 1 : offset >= AFRL ? 4 : 2;
    const unsigned first = offset == AFRH ? 8 : 0;
    uint64_t frozen = 0;
    for (unsigned pin = first; pin < pins_per_port && (pin - first) * width < 32; ++pin)
        if ((locked_ >> pin & 1) != 0) frozen |= ((uint64_t{1} << width) - 1) << ((pin - first) * width);
    return static_cast<uint32_t>(frozen);
}

bool Gpio::level_of(unsigned pin) const {
    if (!supplied_) return false;
    const uint32_t bit = 1u << pin;
    const bool high = (value(ODR) & bit) != 0, open_drain = (value(OTYPER) & bit) != 0;
    if (mode_of(pin) == output_mode && !(high && open_drain)) return high;
    if ((outside_ & bit) != 0) return (outside_level_ & bit) != 0;
    return ((value(PUPDR) >> (2 * pin)) & 3) == pull_up;
}

// All state first, then the lines: whoever hears of a change may come back at once.
void Gpio::refresh(uint32_t changed) {
    const uint32_t before = level_;
    for (uint32_t rest = changed; rest != 0; rest &= rest - 1) {
        const auto pin = static_cast<unsigned>(std::countr_zero(rest));
        level_ = level_of(pin) ? level_ | 1u << pin : level_ & ~(1u << pin);
    }
    for (uint32_t rest = before ^ level_; rest != 0; rest &= rest - 1) {
        const auto pin = static_cast<unsigned>(std::countr_zero(rest));
        pins_[pin].set((level_ >> pin & 1) != 0);
    }
}

void Gpio::state(Archive& archive) {
    Peripheral::state(archive);
    archive(level_, outside_, outside_level_, locked_, lock_step_, supplied_, warned_supply_, pins_);
}

}  // namespace tinysim::stm32
