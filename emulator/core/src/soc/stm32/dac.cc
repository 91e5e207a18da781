#include "soc/stm32/dac.h"

#include <algorithm>

namespace tinysim::stm32 {

namespace {
enum Offset : uint32_t { CR = 0x00, SWTRIGR = 0x04, DHR12R1 = 0x08, DHR12L1 = 0x0C, DHR8R1 = 0x10, DHR12R2 = 0x14, DHR12L2 = 0x18,
                         DHR8R2 = 0x1C, DHR12RD = 0x20, DHR12LD = 0x24, DHR8RD = 0x28, DOR1 = 0x2C, DOR2 = 0x30, SR = 0x34, MCR = 0x3C };
enum Bits : uint32_t { EN = 1u << 0, WAVE = 3u << 6, noise_wave = 1u << 6, DMAEN = 1u << 12, DMAUDRIE = 1u << 13, CEN = 1u << 14,
                       DMAUDR = 1u << 13, holds = 4 };
constexpr int load_priority = 45;
constexpr unsigned triggers = 16;
constexpr uint32_t most = 0xFFF, both = 0x00010001;
constexpr uint32_t r12 = 0xFFF, l12 = 0xFFF0, r8 = 0xFF;
constexpr unsigned f4_registers = 14, l4_registers = 20;
constexpr std::array<Register, l4_registers> registers(uint32_t control_bits) {
    return {{{"CR", 0, control_bits}, {"SWTRIGR", 0, 0}, {"DHR12R1", 0, r12}, {"DHR12L1", 0, l12}, {"DHR8R1", 0, r8}, {"DHR12R2", 0, r12},
             {"DHR12L2", 0, l12}, {"DHR8R2", 0, r8}, {"DHR12RD", 0, r12 * both}, {"DHR12LD", 0, l12 * both}, {"DHR8RD", 0, 0xFFFF},
             {"DOR1", 0, 0}, {"DOR2", 0, 0}, {"SR", 0, 0}, {"CCR", 0, 0x1F * both}, {"MCR", 0, 7 * both}, {"SHSR1", 0, 0x3FF},
             {"SHSR2", 0, 0x3FF}, {"SHHR", both, 0x3FF * both}, {"SHRR", both, 0xFF * both}}};
}
constexpr auto f4_table = registers(0x3FFF * both), l4_table = registers(0x7FFD * both), l4_plus_table = registers(0x7FFF * both);

bool has_wide(const Construction& construction) { return construction.number("triggerBits", 3) == 4; }
RegisterTable table_of(const Construction& construction) {
    if (construction.number("sampleAndHold", 0) == 0) return RegisterTable(f4_table).first(f4_registers);
    return has_wide(construction) ? l4_plus_table : l4_table;
}
}  // namespace

Dac::Channel::Channel(Dac& dac, unsigned number)
    : owner(dac), level(dac.recorder_.name_level(dac.name_ + ".out" + std::to_string(number + 1))),
      load(dac.name_ + ".channel" + std::to_string(number + 1), load_priority, [&dac, number](Tick) { dac.on_load(number); }) {}

int32_t Dac::Channel::microvolts(Tick) { return static_cast<int32_t>(owner.reference_microvolts_ * output / (most + 1)); }

Dac::Dac(const Construction& construction)
    : Peripheral(construction, table_of(construction), Bridge::apb), is_l4_(construction.number("sampleAndHold", 0) != 0),
      has_wide_trigger_(has_wide(construction)), software_(has_wide_trigger_ ? 0 : 7),
      reference_microvolts_(construction.number("referenceMillivolts", 3300) * 1000), channels_{Channel{*this, 0}, Channel{*this, 1}} {
    wait_in_stop({&channels_[0].load, &channels_[1].load});
}

void Dac::reset() {
    Peripheral::reset();
    for (unsigned i = 0; i < channels; ++i) {
        Channel& it = channels_[i];
        scheduler_.cancel(it.load);
        it.request.set(false);
        it.holding = it.triangle = 0;
        it.noise = 0xAAA;
        it.falls = false;
        set_output(i, 0);
    }
}

Line* Dac::output(std::string_view name) {
    if (name == "DmaChannel1") return &channels_[0].request;
    if (name == "DmaChannel2") return &channels_[1].request;
    return Peripheral::output(name);
}

std::optional<Line::Sink> Dac::input(unsigned number) {
    if (number >= triggers) return std::nullopt;
    return [this, number](bool level) { on_trigger(number, level); };
}

AnalogSource* Dac::driver(unsigned channel) { return (control(channel) & EN) != 0 ? &channels_[channel] : nullptr; }

uint32_t Dac::selection(unsigned channel) const {
    return has_wide_trigger_ ? control(channel) >> 2 & 15 : control(channel) >> 3 & 7;
}

uint32_t Dac::read_register(uint32_t offset) {
    const auto pair = [&](auto&& part) { return part(channels_[0].holding) | part(channels_[1].holding) << channel_bits; };
    switch (offset) {
    case SWTRIGR: return 0;
    case DHR12R1: case DHR12R2: return channels_[offset == DHR12R2].holding;
    case DHR12L1: case DHR12L2: return uint32_t{channels_[offset == DHR12L2].holding} << 4;
    case DHR8R1: case DHR8R2: return channels_[offset == DHR8R2].holding >> 4;
    case DHR12RD: return pair([](uint32_t code) { return code; });
    case DHR12LD: return pair([](uint32_t code) { return code << 4; });
    case DHR8RD: return channels_[0].holding >> 4 | uint32_t{channels_[1].holding} >> 4 << 8;
    case DOR1: case DOR2: return channels_[offset == DOR2].output;
    default: return value(offset);
    }
}

void Dac::write_register(uint32_t offset, uint32_t written) {
    const uint32_t high = written >> channel_bits;
    switch (offset) {
    case CR: return write_control(written);
    case SWTRIGR: return software_triggers(written);
    case DHR12R1: case DHR12R2: return hold(offset == DHR12R2, written);
    case DHR12L1: case DHR12L2: return hold(offset == DHR12L2, written >> 4);
    case DHR8R1: case DHR8R2: return hold(offset == DHR8R2, (written & 0xFF) << 4);
    case DHR12RD: hold(0, written); return hold(1, high);
    case DHR12LD: hold(0, written >> 4); return hold(1, high >> 4);
    case DHR8RD: hold(0, (written & 0xFF) << 4); return hold(1, (written >> 8 & 0xFF) << 4);
    case SR:
        value(SR) &= ~(written & (DMAUDR | DMAUDR << channel_bits));
        return update_irq();
    case DOR1: case DOR2: return;
    default: store(offset, written);
    }
    if (offset == MCR && (written & (holds | holds << channel_bits)) != 0) not_modelled();
}

void Dac::write_control(uint32_t written) {
    store(CR, written);
    for (unsigned i = 0; i < channels; ++i) {
        Channel& it = channels_[i];
        if ((control(i) & DMAEN) == 0) it.request.set(false);
        if (is_l4_ && (control(i) & CEN) != 0) not_modelled();
        if ((control(i) & EN) == 0) scheduler_.cancel(it.load);
        if ((control(i) & WAVE) == 0) {
            it.noise = 0xAAA;
            it.triangle = 0;
            it.falls = false;
        }
    }
    update_irq();
}

void Dac::hold(unsigned channel, uint32_t data) {
    Channel& it = channels_[channel];
    it.holding = static_cast<uint16_t>(data & most);
    it.request.set(false);
    if ((control(channel) & EN) != 0 && !waits_for_trigger(channel)) load(channel, scheduler_.now() + clock_ticks());
}

void Dac::on_trigger(unsigned number, bool level) {
    if (!level || !is_clocked()) return;
    for (unsigned i = 0; i < channels; ++i) {
        if ((control(i) & EN) != 0 && waits_for_trigger(i) && selection(i) == number && !is_software(i)) trigger(i, scheduler_.moment());
    }
}

// RM0090 14.3.7: a request that was not served before the next trigger is an underrun, which ends the requests.
void Dac::trigger(unsigned channel, Tick at) {
    Channel& it = channels_[channel];
    load(channel, at + 3 * clock_ticks());
    const uint32_t underrun = DMAUDR << channel_bits * channel;
    if ((control(channel) & DMAEN) == 0 || (value(SR) & underrun) != 0) return;
    if (it.request.level()) {
        value(SR) |= underrun;
        warn_once(warned_underrun_, "the DMA brought no value before the next trigger (SR.DMAUDR): the output repeats the last one");
        return update_irq();
    }
    it.request.set(true);
}

void Dac::software_triggers(uint32_t written) {
    for (unsigned i = 0; i < channels; ++i) {
        if ((written >> i & 1) != 0 && (control(i) & EN) != 0 && waits_for_trigger(i) && is_software(i))
            load(i, scheduler_.now() + clock_ticks());
    }
}

void Dac::load(unsigned channel, Tick at) {
    Channel& it = channels_[channel];
    it.loading = it.holding;
    scheduler_.at(it.load, at);
}

void Dac::on_load(unsigned channel) {
    set_output(channel, std::min(channels_[channel].loading + wave(channel), most));
}

// What noise or triangle add; it moves on with each trigger (RM0090 14.3.8, 14.3.9).
uint32_t Dac::wave(unsigned channel) {
    Channel& it = channels_[channel];
    const uint32_t kind = control(channel) & WAVE;
    if (kind == 0 || !waits_for_trigger(channel)) return 0;
    const uint32_t amplitude = (2u << std::min(control(channel) >> 8 & 15, 11u)) - 1;
    if (kind == noise_wave) {
        const uint32_t added = it.noise & amplitude;
        const uint32_t bit = it.noise == 0 ? 1 : (it.noise ^ it.noise >> 1 ^ it.noise >> 4 ^ it.noise >> 6) & 1;
        it.noise = static_cast<uint16_t>(it.noise >> 1 | bit << 11);
        return added;
    }
    const uint32_t added = it.triangle;
    if (it.triangle >= amplitude) it.falls = true;
    if (it.triangle == 0) it.falls = false;
    it.triangle = static_cast<uint16_t>(it.falls ? it.triangle - 1 : it.triangle + 1);
    return added;
}

void Dac::set_output(unsigned channel, uint32_t code) {
    Channel& it = channels_[channel];
    if (code == it.output) return;
    it.output = static_cast<uint16_t>(code);
    recorder_.level_changes.push_back({scheduler_.moment(), it.level, static_cast<int32_t>(code)});
}

void Dac::update_irq() {
    bool pending = false;
    for (unsigned i = 0; i < channels; ++i)
        pending = pending || ((value(SR) >> channel_bits * i & DMAUDR) != 0 && (control(i) & DMAUDRIE) != 0);
    irq_.set(pending);
}

void Dac::state(Archive& archive) {
    Peripheral::state(archive);
    archive(channels_, warned_underrun_);
}

}  // namespace tinysim::stm32
