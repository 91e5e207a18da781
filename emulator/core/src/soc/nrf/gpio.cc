#include "soc/nrf/gpio.h"

#include <bit>
#include <charconv>

namespace tinysim::nrf {

namespace {
constexpr uint32_t out_offset = 0x04, outset_offset = 0x08, outclr_offset = 0x0C, in_offset = 0x10,
                   dir_offset = 0x14, dirset_offset = 0x18, dirclr_offset = 0x1C,
                   latch_offset = 0x20, detectmode_offset = 0x24, pin_cnf_offset = 0x200,
                   pin_cnf_end = pin_cnf_offset + 4 * pins_per_port;
constexpr uint32_t cnf_dir = 1, cnf_disconnect = 2, cnf_after_reset = 2,
                   cnf_implemented = 0x0003070F;
constexpr uint32_t pull_up = 3, sense_high = 2, sense_low = 3;

uint32_t pull_of(uint32_t cnf) { return (cnf >> 2) & 3; }
uint32_t sense_of(uint32_t cnf) { return (cnf >> 16) & 3; }

// DRIVE 4 and 5 leave the pin open at 0, 6 and 7 at 1.
bool drives_level(uint32_t cnf, bool level) {
    const uint32_t drive = (cnf >> 8) & 7;
    return drive < 4 || (drive < 6) == level;
}

bool is_action(uint32_t offset) {
    return offset == outset_offset || offset == outclr_offset || offset == dirset_offset ||
           offset == dirclr_offset || offset == latch_offset;
}

uint32_t mask_of(int64_t pins) { return pins >= pins_per_port ? 0xFFFFFFFF : (1u << pins) - 1; }
}  // namespace

NrfGpio::NrfGpio(const Construction& construction)
    : implemented_(mask_of(construction.number("numberOfPins", pins_per_port))) {
    NrfGpio::reset();
}

void NrfGpio::reset() {
    out_ = dir_ = latch_ = detectmode_ = connected_ = 0;
    pin_cnf_.fill(cnf_after_reset);
    refresh(implemented_);
}

Line* NrfGpio::output(std::string_view name) {
    if (name == "DETECT") return &detect_;
    unsigned pin = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pin);
    const bool is_number = error == std::errc{} && end == name.data() + name.size();
    if (!is_number || pin >= pins_per_port || ((implemented_ >> pin) & 1) == 0) return nullptr;
    return &pins_[pin];
}

std::optional<Line::Sink> NrfGpio::input(unsigned number) {
    const unsigned pin = number % pins_per_port;
    if (((implemented_ >> pin) & 1) == 0) return std::nullopt;
    switch (number - pin) {
    case 0:
        outside_ |= 1u << pin;
        refresh(1u << pin);
        return sink_into(outside_level_, pin);
    case hold_as_output: return sink_into(held_output_, pin);
    case hold_as_input: return sink_into(held_input_, pin);
    case held_level: return sink_into(held_level_, pin);
    default: return std::nullopt;
    }
}

Line::Sink NrfGpio::sink_into(uint32_t& mask, unsigned pin) {
    return [this, &mask, pin](bool level) {
        const uint32_t bit = 1u << pin;
        mask = level ? mask | bit : mask & ~bit;
        refresh(bit);
    };
}

uint32_t NrfGpio::read(uint32_t offset, unsigned bytes) {
    const uint32_t value = read_register(offset & ~3u) >> ((offset & 3) * 8);
    return bytes == 4 ? value : value & (bytes == 1 ? 0xFFu : 0xFFFFu);
}

void NrfGpio::write(uint32_t offset, uint32_t value, unsigned bytes) {
    const uint32_t word = offset & ~3u;
    if (bytes != 4) {
        const unsigned shift = (offset & 3) * 8;
        const uint32_t lane = (bytes == 1 ? 0xFFu : 0xFFFFu) << shift;
        const uint32_t rest = is_action(word) ? 0 : read_register(word);
        value = (rest & ~lane) | ((value << shift) & lane);
    }
    write_register(word, value);
}

uint32_t NrfGpio::read_register(uint32_t offset) {
    if (offset >= pin_cnf_offset && offset < pin_cnf_end) {
        const unsigned pin = (offset - pin_cnf_offset) / 4;
        return pin_cnf_[pin] | ((dir_ >> pin) & 1);
    }
    switch (offset) {
    case out_offset: case outset_offset: case outclr_offset: return out_;
    case in_offset: return level_ & connected_;
    case dir_offset: case dirset_offset: case dirclr_offset: return dir_;
    case latch_offset: return latch_;
    case detectmode_offset: return detectmode_;
    default: not_modelled(); return 0;
    }
}

void NrfGpio::write_register(uint32_t offset, uint32_t value) {
    if (offset >= pin_cnf_offset && offset < pin_cnf_end)
        return write_pin_cnf((offset - pin_cnf_offset) / 4, value);
    switch (offset) {
    case out_offset: return write_out(value);
    case outset_offset: return write_out(out_ | value);
    case outclr_offset: return write_out(out_ & ~value);
    case in_offset: return;
    case dir_offset: return write_dir(value);
    case dirset_offset: return write_dir(dir_ | value);
    case dirclr_offset: return write_dir(dir_ & ~value);
    case latch_offset: return write_latch(value);
    case detectmode_offset:
        detectmode_ = value & 1;
        return update_detect();
    default: not_modelled();
    }
}

void NrfGpio::write_out(uint32_t value) {
    const uint32_t changed = (out_ ^ value) & implemented_;
    out_ ^= changed;
    refresh(changed);
}

void NrfGpio::write_dir(uint32_t value) {
    const uint32_t changed = (dir_ ^ value) & implemented_;
    dir_ ^= changed;
    refresh(changed);
}

// A bit whose pin is still sensed stays set; what is left makes a new rising edge of LDETECT.
void NrfGpio::write_latch(uint32_t value) {
    latch_ = (latch_ & ~value) | sensed_;
    if (value != 0 && detectmode_ != 0) detect_.set(false);
    update_detect();
}

void NrfGpio::write_pin_cnf(unsigned pin, uint32_t value) {
    const uint32_t bit = 1u << pin;
    if ((implemented_ & bit) == 0) return not_modelled();
    pin_cnf_[pin] = value & cnf_implemented & ~cnf_dir;
    dir_ = (value & cnf_dir) != 0 ? dir_ | bit : dir_ & ~bit;
    connected_ = (value & cnf_disconnect) == 0 ? connected_ | bit : connected_ & ~bit;
    refresh(bit);
}

bool NrfGpio::level_of(unsigned pin) const {
    const uint32_t bit = 1u << pin;
    const bool is_held = (held_output_ & bit) != 0;
    const bool is_output = is_held || (dir_ & ~held_input_ & bit) != 0;
    const bool value = ((is_held ? held_level_ : out_) & bit) != 0;
    if (is_output && drives_level(pin_cnf_[pin], value)) return value;
    if ((outside_ & bit) != 0) return (outside_level_ & bit) != 0;
    return pull_of(pin_cnf_[pin]) == pull_up;
}

bool NrfGpio::is_sensed(unsigned pin) const {
    if (((connected_ >> pin) & 1) == 0) return false;
    const uint32_t sense = sense_of(pin_cnf_[pin]);
    return ((level_ >> pin) & 1) != 0 ? sense == sense_high : sense == sense_low;
}

// All state first, then the lines: whoever hears of a change may come back at once.
void NrfGpio::refresh(uint32_t pins) {
    for (uint32_t rest = pins; rest != 0; rest &= rest - 1) {
        const auto pin = static_cast<unsigned>(std::countr_zero(rest));
        const uint32_t bit = 1u << pin;
        level_ = level_of(pin) ? level_ | bit : level_ & ~bit;
        sensed_ = is_sensed(pin) ? sensed_ | bit : sensed_ & ~bit;
    }
    latch_ |= sensed_;
    for (uint32_t rest = pins; rest != 0; rest &= rest - 1) {
        const auto pin = static_cast<unsigned>(std::countr_zero(rest));
        pins_[pin].set(((level_ >> pin) & 1) != 0);
    }
    update_detect();
}

void NrfGpio::update_detect() { detect_.set((detectmode_ != 0 ? latch_ : sensed_) != 0); }

void NrfGpio::state(Archive& archive) {
    Device::state(archive);
    archive(out_, dir_, latch_, detectmode_, pin_cnf_, connected_, level_, sensed_, outside_,
            outside_level_, held_output_, held_input_, held_level_, pins_, detect_);
}

}  // namespace tinysim::nrf
