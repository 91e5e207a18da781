#include "soc/stm32/dmamux.h"

#include "soc/stm32/numbered_output.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CSR = 0x80, CFR = 0x84, RG0CR = 0x100, RGSR = 0x140, RGCFR = 0x144, words = RGCFR / 4 + 1 };
constexpr uint32_t overrun_enabled = 1u << 8, makes_events = 1u << 9, synchronised = 1u << 16, generates = 1u << 16, count = 31u << 19;
constexpr uint32_t channel_bits = 0x1FFF037F, generator_bits = 0x00FF011F;
constexpr unsigned polarity_at = 17, count_at = 19, sync_at = 24, signal_mask = 31;
constexpr unsigned first_generator_request = 1, last_item_input = 128, signal_input = 160, served_input = 192;
constexpr const char* channel_names[] = {"C0CR", "C1CR", "C2CR", "C3CR", "C4CR", "C5CR", "C6CR",
                                         "C7CR", "C8CR", "C9CR", "C10CR", "C11CR", "C12CR", "C13CR"};
constexpr const char* generator_names[] = {"RG0CR", "RG1CR", "RG2CR", "RG3CR"};
struct Map {
    Register rows[words];
};
constexpr Map registers() {
    Map map{};
    for (unsigned i = 0; i < std::size(channel_names); ++i) map.rows[i] = {channel_names[i], 0, channel_bits};
    for (unsigned i = 0; i < std::size(generator_names); ++i) map.rows[RG0CR / 4 + i] = {generator_names[i], 0, generator_bits};
    map.rows[CSR / 4] = {"CSR", 0, 0};
    map.rows[CFR / 4] = {"CFR", 0, 0};
    map.rows[RGSR / 4] = {"RGSR", 0, 0};
    map.rows[RGCFR / 4] = {"RGCFR", 0, 0};
    return map;
}
constexpr Map map = registers();

uint8_t requests_of(uint32_t control) { return static_cast<uint8_t>((control >> count_at & 31) + 1); }
// SPOL and GPOL: 1 rising, 2 falling edges, 3 both.
bool takes_edge(uint32_t control, bool level) { return (control >> polarity_at & (level ? 1u : 2u)) != 0; }
}  // namespace

Dmamux::Dmamux(const Construction& construction) : Peripheral(construction, map.rows, Bridge::ahb) {}

void Dmamux::reset() {
    Peripheral::reset();
    passages_.fill({});
    owed_ = {};
    for (unsigned i = 0; i < generators; ++i) levels_[first_generator_request + i] = 0;
    for (unsigned i = 0; i < channels; ++i) refresh(i);
}

Line* Dmamux::output(std::string_view name) {
    if (name == "IRQ") return &irq_;
    if (Line* const last_item = numbered_output(last_items_, name, "LastItem")) return last_item;
    if (Line* const event = numbered_output(events_, name, "Event")) return event;
    return numbered_output(outputs_, name);
}

std::optional<Line::Sink> Dmamux::input(unsigned number) {
    if (number >= served_input && number < served_input + channels) {
        is_acknowledged_ = true;
        return [this, channel = number - served_input](bool level) {
            if (level) acknowledged(channel);
        };
    }
    if (number >= signal_input && number < signal_input + signals)
        return [this, which = number - signal_input](bool level) { signal(which, level); };
    if (number >= last_item_input && number < last_item_input + channels)
        return [this, channel = number - last_item_input](bool level) { last_items_[request_of(channel)].set(level); };
    if (number < first_generator_request + generators || number >= requests) return std::nullopt;
    return [this, number](bool level) { request(number, level); };
}

// ---- registers ----

void Dmamux::write_register(uint32_t offset, uint32_t written) {
    if (offset < 4 * channels) write_channel(offset / 4, written);
    else if (offset == CFR) value(CSR) &= ~written;
    else if (offset == RGCFR) value(RGSR) &= ~written;
    else if (offset >= RG0CR && offset < RGSR) write_generator((offset - RG0CR) / 4, written);
    update_irq();
}

void Dmamux::store_control(uint32_t offset, uint32_t written, bool is_counting) {
    const uint32_t before = value(offset);
    if (is_counting && ((written ^ before) & count) != 0) {
        warn_once(warned_locked_, "CxCR.NBREQ or RGxCR.GNBREQ is written while SE, EGE or GE is set: it keeps its value");
        written = (written & ~count) | (before & count);
    }
    store(offset, written);
}

void Dmamux::write_channel(unsigned channel, uint32_t written) {
    const uint32_t counting = synchronised | makes_events;
    const bool goes_on = (value(4 * channel) & counting) != 0 && (written & counting) != 0;
    store_control(4 * channel, written, goes_on);
    if (!goes_on) passages_[channel].left = requests_of(written);
    if ((written & synchronised) == 0) passages_[channel].is_open = passages_[channel].is_awaited = false;
    refresh(channel);
}

void Dmamux::write_generator(unsigned generator, uint32_t written) {
    const uint32_t offset = RG0CR + 4 * generator;
    store_control(offset, written, (value(offset) & written & generates) != 0);
    if ((written & generates) == 0) {
        owed_[generator] = 0;
        request(first_generator_request + generator, false);
    } else if (!is_acknowledged_ && (written & count) != 0) {
        not_modelled();
    }
}

void Dmamux::update_irq() {
    bool wanted = false;
    for (unsigned i = 0; i < channels; ++i) wanted = wanted || ((value(CSR) >> i & 1) != 0 && (value(4 * i) & overrun_enabled) != 0);
    for (unsigned i = 0; i < generators; ++i)
        wanted = wanted || ((value(RGSR) >> i & 1) != 0 && (value(RG0CR + 4 * i) & overrun_enabled) != 0);
    irq_.set(wanted);
}

// ---- requests ----

bool Dmamux::passes(unsigned channel) const { return (value(4 * channel) & synchronised) == 0 || passages_[channel].is_open; }

void Dmamux::request(unsigned number, bool level) {
    const bool was_set = std::exchange(levels_[number], level ? 1 : 0) != 0;
    const Tick at = scheduler_.moment();
    if (level) risen_at_[number] = at;
    const bool is_pulse = was_set && !level && risen_at_[number] == at;       // of a block that does not know when it is served
    for (unsigned i = 0; i < channels; ++i) {
        if (request_of(i) != number) continue;
        const bool passed = outputs_[i].level();
        refresh(i);
        if (was_set && !level && passed && !is_acknowledged_) served(i);
        if (is_pulse && !passed) passages_[i].is_awaited = true;
    }
}

// A request has been through: behind the last one of a row the passage closes.
void Dmamux::served(unsigned channel) {
    const uint32_t control = value(4 * channel);
    Passage& passage = passages_[channel];
    if ((control & (synchronised | makes_events)) == 0 || --passage.left != 0) return;
    passage = {.left = requests_of(control)};
    refresh(channel);
    if ((control & makes_events) != 0 && channel < events) events_[channel].pulse();
}

void Dmamux::acknowledged(unsigned channel) {
    const unsigned generator = request_of(channel) - first_generator_request;
    if (generator < generators && owed_[generator] != 0 && --owed_[generator] == 0) request(first_generator_request + generator, false);
    served(channel);
}

// ---- synchronisation and generators ----

void Dmamux::signal(unsigned number, bool level) {
    if (!is_clocked()) return;
    for (unsigned i = 0; i < channels; ++i) {
        const uint32_t control = value(4 * i);
        if ((control & synchronised) != 0 && (control >> sync_at & signal_mask) == number && takes_edge(control, level)) synchronise(i);
    }
    for (unsigned i = 0; i < generators; ++i) {
        const uint32_t control = value(RG0CR + 4 * i);
        if ((control & generates) != 0 && (control & signal_mask) == number && takes_edge(control, level)) generate(i);
    }
    update_irq();
}

// RM0432 12.4.4: an event that finds no request waiting is lost; one within a row of requests is an overrun.
void Dmamux::synchronise(unsigned channel) {
    Passage& passage = passages_[channel];
    if (passage.is_open) return overrun(CSR, channel);
    const bool is_set = levels_[request_of(channel)] != 0, was_pulse = std::exchange(passage.is_awaited, false) && !is_set;
    passage.is_open = is_set || was_pulse;
    refresh(channel);
    if (was_pulse) outputs_[channel].pulse();
    if (was_pulse && !is_acknowledged_) served(channel);
}

void Dmamux::generate(unsigned generator) {
    const unsigned number = first_generator_request + generator;
    if (owed_[generator] != 0) return overrun(RGSR, generator);
    if (is_acknowledged_) owed_[generator] = requests_of(value(RG0CR + 4 * generator));
    request(number, true);
    if (!is_acknowledged_) request(number, false);
}

void Dmamux::overrun(uint32_t status, unsigned bit) {
    warn_once(warned_overrun_, "a synchronisation or trigger event comes while requests of the one before are not served (CSR.SOF, RGSR.OF)");
    value(status) |= 1u << bit;
}

void Dmamux::state(Archive& archive) {
    Peripheral::state(archive);
    archive(levels_, risen_at_, outputs_, last_items_, events_, passages_, owed_, is_acknowledged_, warned_locked_, warned_overrun_);
}

}  // namespace tinysim::stm32
