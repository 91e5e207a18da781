#include "soc/nrf/gpiote.h"

namespace tinysim::nrf {

namespace {
enum Task : unsigned { out = 0, set = 12, clr = 24 };
constexpr unsigned port_event = 31;
constexpr uint32_t config_offset = 0x510, config_implemented = 0x00133F03;
constexpr uint32_t mode_disabled = 0, mode_event = 1, mode_task = 3;
constexpr uint32_t lo_to_hi = 1, hi_to_lo = 2, toggle = 3;
constexpr uint32_t config_outinit = 1u << 20;
}  // namespace

NrfGpiote::NrfGpiote(const Construction& construction) : Peripheral(construction) {
    for (unsigned channel = 0; channel < channel_count; ++channel) {
        has_tasks({out + channel, set + channel, clr + channel});
        has_events({channel});
    }
    has_events({port_event});
    for (unsigned port = 0; port < port_count; ++port)
        if (Node* node = construction.node("port" + std::to_string(port))) meet_port(port, *node);
}

void NrfGpiote::meet_port(unsigned port, Node& node) {
    for (unsigned number = 0; number < pins_per_port; ++number) {
        Line* line = node.output(std::to_string(number));
        if (line == nullptr) continue;
        const unsigned pin = port * pins_per_port + number;
        pins_[pin] = {node.input(hold_as_output + number).value_or(nullptr),
                      node.input(hold_as_input + number).value_or(nullptr),
                      node.input(held_level + number).value_or(nullptr)};
        line->connect([this, pin](bool level) { on_pin(pin, level); });
    }
    if (Line* line = node.output("DETECT"))
        line->connect([this, port](bool level) { on_detect(port, level); });
}

void NrfGpiote::reset() {
    Peripheral::reset();
    for (Channel& channel : channels_) write_config(channel, 0);
}

void NrfGpiote::task(unsigned index) {
    Channel& channel = channels_[index % set];
    if (channel.mode() != mode_task) return;
    if (index >= set) return drive(channel, index < clr);
    switch (channel.polarity()) {
    case lo_to_hi: return drive(channel, true);
    case hi_to_lo: return drive(channel, false);
    case toggle: return drive(channel, !channel.level);
    default: return;
    }
}

uint32_t NrfGpiote::read_register(uint32_t offset) {
    const unsigned number = (offset - config_offset) / 4;
    if (offset >= config_offset && number < channel_count) return channels_[number].config;
    not_modelled();
    return 0;
}

void NrfGpiote::write_register(uint32_t offset, uint32_t value) {
    const unsigned number = (offset - config_offset) / 4;
    if (offset < config_offset || number >= channel_count) return not_modelled();
    write_config(channels_[number], value & config_implemented);
}

void NrfGpiote::write_config(Channel& channel, uint32_t value) {
    Channel changed{value, channel.level};
    const bool stays = changed.mode() == channel.mode() && changed.pin() == channel.pin();
    if (!stays) hold(channel, false);
    if (!stays && changed.mode() == mode_task) changed.level = (value & config_outinit) != 0;
    channel = changed;
    listened_ = 0;
    for (const Channel& each : channels_)
        if (each.mode() == mode_event) listened_ |= uint64_t{1} << each.pin();
    if (!stays) hold(channel, true);
}

void NrfGpiote::hold(const Channel& channel, bool held) {
    if (channel.mode() == mode_disabled) return;
    const Pin& pin = pins_[channel.pin()];
    if (!pin.level || channel.mode() == 2) return not_modelled();
    if (channel.mode() == mode_event) return pin.hold_as_input(held);
    if (held) pin.level(channel.level);
    pin.hold_as_output(held);
}

void NrfGpiote::drive(Channel& channel, bool level) {
    channel.level = level;
    if (const Pin& pin = pins_[channel.pin()]; pin.level) pin.level(level);
}

void NrfGpiote::on_pin(unsigned pin, bool level) {
    if (((listened_ >> pin) & 1) == 0) return;
    for (unsigned number = 0; number < channel_count; ++number) {
        const Channel& channel = channels_[number];
        if (channel.mode() != mode_event || channel.pin() != pin) continue;
        if ((channel.polarity() & (level ? lo_to_hi : hi_to_lo)) != 0) raise(number);
    }
}

void NrfGpiote::on_detect(unsigned port, bool level) {
    const bool before = detect_[0] || detect_[1];
    detect_[port] = level;
    if (!before && level) raise(port_event);
}

void NrfGpiote::state(Archive& archive) {
    Peripheral::state(archive);
    archive(channels_, detect_, listened_);
}

}  // namespace tinysim::nrf
