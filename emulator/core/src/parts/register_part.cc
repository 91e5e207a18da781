#include "parts/register_part.h"

namespace tinysim {

std::optional<Line::Sink> RegisterPart::input(unsigned number) {
    if (number != 0) return std::nullopt;
    return [this](bool level) {
        is_selected_ = !level;
        expects_address_ = true;
    };
}

bool RegisterPart::start(bool is_read) {
    if (!answers_i2c()) return false;
    expects_address_ = !is_read;
    return true;
}

bool RegisterPart::write(uint8_t byte) {
    if (std::exchange(expects_address_, false)) {
        pointer_ = byte & address_bits();
        counts_on_ = (byte & 0x80) != 0;
        return true;
    }
    write_register(pointer_, byte);
    step();
    return true;
}

uint8_t RegisterPart::read() {
    const uint8_t value = read_register(pointer_);
    step();
    return value;
}

void RegisterPart::step() {
    if (rules_.increment_in_sub_address ? counts_on_ : increments()) pointer_ = following(pointer_);
}

uint16_t RegisterPart::exchange(uint16_t out, unsigned bits) {
    if (bits % 8 != 0) {
        warn_once(31, "is selected while frames that are not whole bytes are on the bus; it ignores them");
        return 0xFFFF;
    }
    unsigned in = 0;
    for (unsigned left = bits; left > 0; left -= 8) in = in << 8 | exchange_byte(static_cast<uint8_t>(out >> (left - 8)));
    return static_cast<uint16_t>(in);
}

uint8_t RegisterPart::exchange_byte(uint8_t out) {
    if (std::exchange(expects_address_, false)) {
        pointer_ = out & address_bits();
        counts_on_ = (out & 0x40) != 0;
        spi_reads_ = (out & 0x80) != 0;
        return 0xFF;
    }
    if (spi_reads_) return read();
    write(out);
    return 0xFF;
}

bool RegisterPart::store(uint8_t address, uint8_t value) {
    for (size_t i = 0; i < rules_.not_modelled.size(); ++i) {
        const NotModelled& each = rules_.not_modelled[i];
        if (each.address == address && (value & each.bits) != 0) warn_once(static_cast<unsigned>(i), each.text);
    }
    for (const Writable& each : rules_.writable) {
        if (address < each.first || address > each.last) continue;
        registers_[address] = static_cast<uint8_t>((registers_[address] & ~each.bits) | (value & each.bits));
        return true;
    }
    return false;
}

void RegisterPart::warn_once(unsigned feature, const char* text) {
    if ((warned_ >> feature & 1) != 0) return;
    warned_ |= 1u << feature;
    recorder_.warn(name_ + ": " + rules_.title + " " + text);
}

}  // namespace tinysim
