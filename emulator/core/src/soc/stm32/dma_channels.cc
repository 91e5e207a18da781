#include "soc/stm32/dma_channels.h"

#include <cstdio>

#include "soc/stm32/numbered_output.h"

namespace tinysim::stm32 {

using namespace dma_channel;

namespace {
enum Finding : uint8_t { unreachable_finding = 1, no_clock = 2, gap_finding = 4 };
constexpr uint32_t pointer = 0xFFFFFFFF, words = CSELR / 4 + 1;
constexpr const char* names[count][4] = {
    {"CCR1", "CNDTR1", "CPAR1", "CMAR1"}, {"CCR2", "CNDTR2", "CPAR2", "CMAR2"}, {"CCR3", "CNDTR3", "CPAR3", "CMAR3"},
    {"CCR4", "CNDTR4", "CPAR4", "CMAR4"}, {"CCR5", "CNDTR5", "CPAR5", "CMAR5"}, {"CCR6", "CNDTR6", "CPAR6", "CMAR6"},
    {"CCR7", "CNDTR7", "CPAR7", "CMAR7"},
};
struct Map {
    Register rows[words];
};
constexpr Map registers() {
    Map map{};
    map.rows[ISR / 4] = {"ISR", 0, 0};
    map.rows[IFCR / 4] = {"IFCR", 0, 0};
    for (unsigned i = 0; i < count; ++i) {
        const unsigned first = (CCR1 + i * channel_bytes) / 4;
        map.rows[first] = {names[i][0], 0, ccr_bits};
        map.rows[first + 1] = {names[i][1], 0, 0xFFFF};
        map.rows[first + 2] = {names[i][2], 0, pointer};
        map.rows[first + 3] = {names[i][3], 0, pointer};
    }
    map.rows[CSELR / 4] = {"CSELR", 0, cselr_bits};
    return map;
}
constexpr Map map = registers();
constexpr uint32_t last_channel_end = CCR1 + count * channel_bytes - 4;

bool has_selector(const Construction& construction) { return construction.number("selector", 1) != 0; }
RegisterTable table_of(const Construction& construction) {
    return RegisterTable(map.rows).first(has_selector(construction) ? size_t{words} : size_t{last_channel_end / 4});
}
}  // namespace

ChannelDma::ChannelDma(const Construction& construction)
    : Peripheral(construction, table_of(construction), Bridge::ahb), timing_(construction), bus_(construction.dma),
      matrix_(construction.dma.the_matrix()), has_selector_(has_selector(construction)),
      master_(construction.dma.add_master(construction.name)), event_(construction.name, 0, [this](Tick) { synchronise(); }) {
    for (unsigned i = 0; i < channels; ++i) record_names_[i] = recorder_.name_master(name_ + " channel " + std::to_string(i + 1));
}

// Channel c's interrupt is output c - 1.
Line* ChannelDma::output(std::string_view name) {
    if (Line* const last_item = numbered_output(last_items_, name, "LastItem")) return last_item;
    if (Line* const served = numbered_output(served_, name, "Served")) return served;
    return numbered_output(irqs_, name);
}

std::optional<Line::Sink> ChannelDma::input(unsigned number) {
    if (number >= channels * selections) return std::nullopt;
    return [this, number](bool level) { request(number, level); };
}

void ChannelDma::reset() {
    Peripheral::reset();
    for (unsigned i = 0; i < channels; ++i) {
        all_[i] = {};
        irqs_[i].set(false);
    }
    phase_ = Phase::idle;
    next_at_ = never;
    end_activities();
    scheduler_.cancel(event_);
}

unsigned ChannelDma::selection(unsigned index) const { return has_selector_ ? value(CSELR) >> (4 * index) & 7 : 0; }

uint32_t ChannelDma::flags() const {
    uint32_t flags = 0;
    for (unsigned i = 0; i < channels; ++i) flags |= (all_[i].flags | (all_[i].flags != 0 ? uint32_t{GIF} : 0u)) << (4 * i);
    return flags;
}

uint32_t ChannelDma::read_register(uint32_t offset) {
    synchronise();
    if (offset == ISR) return flags();
    if (offset < CCR1 || offset == CSELR) return value(offset);
    const Channel& channel = all_[(offset - CCR1) / channel_bytes];
    switch ((offset - CCR1) % channel_bytes) {
    case CCR: return channel.ccr;
    case CNDTR: return channel.cndtr;
    case CPAR: return channel.cpar;
    default: return channel.cmar;
    }
}

void ChannelDma::write_register(uint32_t offset, uint32_t written) {
    synchronise();
    if (offset == IFCR) {
        for (unsigned i = 0; i < channels; ++i) {
            const uint32_t clear = written >> (4 * i) & 15;
            all_[i].flags &= static_cast<uint8_t>((clear & GIF) != 0 ? 0 : ~clear);
        }
        return update_lines();
    }
    if (offset == CSELR) {
        store(CSELR, written);
        for (unsigned i = 0; i < channels; ++i) all_[i].requested = all_[i].requested || (all_[i].enabled() && line(i));
        arbitrate(matrix_ == nullptr ? 0 : aligned(scheduler_.moment()));
    } else if (offset >= CCR1) {
        write_channel((offset - CCR1) / channel_bytes, (offset - CCR1) % channel_bytes, written);
    }
    synchronise();
}

// While EN is set all but the interrupt enables is locked.
void ChannelDma::write_channel(unsigned index, uint32_t which, uint32_t written) {
    Channel& channel = all_[index];
    if (which == CCR) {
        const bool was_enabled = channel.enabled();
        const uint32_t writable = was_enabled ? free_while_enabled : ccr_bits;
        channel.ccr = (channel.ccr & ~writable) | (written & writable);
        if (!was_enabled && channel.enabled()) start(index);
        if (was_enabled && !channel.enabled()) channel.requested = false;
        return update_lines();
    }
    if (channel.enabled()) return;
    (which == CNDTR ? channel.cndtr : which == CPAR ? channel.cpar : channel.cmar) = which == CNDTR ? written & 0xFFFF : written;
}

void ChannelDma::start(unsigned index) {
    Channel& channel = all_[index];
    if (matrix_ == nullptr) return warn(index, "there is no bus for a DMA on this platform: nothing moves");
    const Tick now = aligned(scheduler_.moment());
    channel.load(now);
    channel.requested = line(index);
    if (channel.cndtr == 1) last_items_[index * selections + selection(index)].pulse();
    begin_activity(index);
    arbitrate(now);
}

void ChannelDma::request(unsigned input, bool level) {
    const uint64_t bit = uint64_t{1} << input;
    lines_ = level ? lines_ | bit : lines_ & ~bit;
    const unsigned index = input / selections;
    if (!level || !all_[index].enabled() || selection(index) != input % selections) return;
    if (!is_clocked()) return warn_once(index, no_clock, "a request is lost, as RCC keeps the controller's clock off");
    all_[index].requested = true;
    if (simulating_) return;                        // the peripheral's answer to an access: finish() looks on
    simulate(scheduler_.moment(), scheduler_.moment(), false);
    arbitrate(aligned(scheduler_.moment()));
    synchronise();
}

void ChannelDma::fail(unsigned index, bool memory_side, uint32_t address, const char* why) {
    all_[index].flags |= TEIF;
    all_[index].ccr &= ~EN;
    char pointer[32];
    std::snprintf(pointer, sizeof pointer, "%s%u 0x%08X", memory_side ? "CMAR" : "CPAR", index + 1, static_cast<unsigned>(address));
    warn_once(index, unreachable_finding, std::string(pointer) + " " + why + ": ISR.TEIF" + std::to_string(index + 1) + ", the channel stops");
}

void ChannelDma::note_gap(unsigned index) { warn_once(index, gap_finding, "it touches a register that is not modelled"); }

void ChannelDma::warn_once(unsigned index, uint8_t finding, const std::string& text) {
    if ((warned_[index] & finding) == 0) warn(index, text);
    warned_[index] |= finding;
}

void ChannelDma::warn(unsigned index, const std::string& text) {
    recorder_.warn(name_ + " channel " + std::to_string(index + 1) + ": " + text);
}

void ChannelDma::update_lines() {
    for (unsigned i = 0; i < channels; ++i) irqs_[i].set(all_[i].wants_interrupt());
}

void ChannelDma::record_block(unsigned index, Tick at) {
    Channel& channel = all_[index];
    if (channel.block_bytes != 0)
        recorder_.transfers.push_back({channel.block_start, at, record_names_[index], !channel.from_memory(), channel.block_address, channel.block_bytes});
    channel.begin_block(at);
}

void ChannelDma::state(Archive& archive) {
    Peripheral::state(archive);
    archive(all_, irqs_, last_items_, served_, lines_, lazy_, warned_, phase_, writes_, current_, item_, free_at_, next_at_, data_ticks_, event_);
    if (archive.is_reading()) find_again();
}

}  // namespace tinysim::stm32
