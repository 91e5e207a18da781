#include "soc/stm32/dma.h"

#include <algorithm>
#include <cstdio>

#include "soc/stm32/numbered_output.h"

namespace tinysim::stm32 {

using namespace dma;

namespace {
constexpr uint32_t second_controller = 0x400;       // DMA2 stands behind DMA1 on all F2, F4 and F7
enum Finding : uint8_t { unreachable_finding = 1, full_fifo = 2, lost_item = 4, stale_flags = 8, gap_finding = 16, no_clock = 32 };

std::string hexadecimal(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08X", static_cast<unsigned>(value));
    return text;
}

// As RM0090 names them: S3CR, and HISR.FEIF5.
std::string register_of(unsigned index, const char* name) { return "S" + std::to_string(index) + name; }
std::string flag_of(unsigned index, const char* name) { return (index < 4 ? "LISR." : "HISR.") + (name + std::to_string(index)); }
}  // namespace

Dma::Dma(const Construction& construction)
    : Peripheral(construction, register_table(), Bridge::ahb), timing_(construction), bus_(construction.dma),
      matrix_(construction.dma.the_matrix()), is_second_((construction.address & second_controller) != 0),
      masters_{construction.dma.add_master(construction.name + " peripheral"), construction.dma.add_master(construction.name + " memory")},
      event_(construction.name, 0, [this](Tick) { synchronise(); }) {
    for (unsigned i = 0; i < stream_count; ++i)
        record_names_[i] = recorder_.name_master(name_ + " stream " + std::to_string(i));
}

Line* Dma::output(std::string_view name) {
    if (Line* const last_item = numbered_output(last_items_, name, "LastItem")) return last_item;
    return numbered_output(irqs_, name);
}

std::optional<Line::Sink> Dma::input(unsigned number) {
    constexpr unsigned requests = stream_count * channel_count;
    if (number < requests) return [this, number](bool level) { request(number, level); };
    if (number >= 2 * requests) return std::nullopt;
    return [this, number](bool level) {
        Stream& stream = streams_[(number - requests) / channel_count];
        const Setup& setup = stream.setup();
        if (level && stream.enabled() && setup.peripheral_flow && setup.channel == number % channel_count) stream.ended = true;
    };
}

void Dma::reset() {
    Peripheral::reset();
    for (unsigned i = 0; i < stream_count; ++i) {
        streams_[i].reset();
        irqs_[i].set(false);
    }
    ports_ = {};
    copy_.drop();
    idle_until = 0;
    enabled_ = lazy_ = used_ = 0;
    end_activities();
    scheduler_.cancel(event_);
}

// ---- registers ----

uint32_t Dma::read_register(uint32_t offset) {
    synchronise();
    if (offset >= S0CR) return streams_[(offset - S0CR) / stream_bytes].read_register((offset - S0CR) % stream_bytes);
    if (offset > HISR) return 0;
    uint32_t flags = 0;
    const unsigned first = offset == HISR ? 4 : 0;
    for (unsigned i = first; i < first + 4; ++i) flags |= static_cast<uint32_t>(streams_[i].flags()) << flag_shift(i & 3);
    return flags;
}

void Dma::write_register(uint32_t offset, uint32_t value) {
    synchronise();
    if (offset < S0CR) {
        if (offset < LIFCR) return;
        const unsigned first = offset == HIFCR ? 4 : 0;
        for (unsigned i = first; i < first + 4; ++i) streams_[i].clear(value >> flag_shift(i & 3) & all_flags);
        update_lines();
        return;
    }
    const unsigned index = (offset - S0CR) / stream_bytes;
    const uint32_t which = (offset - S0CR) % stream_bytes;
    Stream& stream = streams_[index];
    if (stream.protects(which)) {
        warn(index, register_of(index, which == M0AR ? "M0AR" : "M1AR") + " is written while it is the current target: " + flag_of(index, "TEIF") + ", the stream stops");
        stream.raise(TEIF);
        stream.disable();
    } else if (which == CR) {
        write_cr(index, value);
    } else {
        stream.write_register(which, value);
    }
    synchronise();
}

void Dma::write_cr(unsigned index, uint32_t value) {
    Stream& stream = streams_[index];
    const bool was_enabled = stream.enabled();
    stream.write_register(CR, value);
    if (!was_enabled && (value & EN) != 0) start(index);
    if (was_enabled && (value & EN) == 0) {
        stream.stop();
        for (Side side : {Side::peripheral, Side::memory}) arbitrate(side, aligned(scheduler_.moment()));
        try_stop(index, scheduler_.moment());
    }
}

void Dma::start(unsigned index) {
    Stream& stream = streams_[index];
    used_ |= static_cast<uint8_t>(1u << index);
    if (stream.flags() != 0) {
        const bool stays_off = (stream.flags() & TEIF) != 0;
        warn_once(index, stale_flags, register_of(index, "CR.EN is set while ") +
                        (stays_off ? flag_of(index, "TEIF") + " is: the stream stays off until it is cleared"
                                   : "flags of the last transfer are (RM0090 10.3.17 has them cleared first)"));
    }
    if ((stream.flags() & TEIF) != 0) return;
    if (matrix_ == nullptr) return warn(index, "there is no bus for a DMA on this platform: the stream stays off");
    const Tick now = aligned(scheduler_.moment());
    if (!stream.enable(now))
        return warn(index, register_of(index, "FCR: burst and FIFO threshold do not go together: ") + flag_of(index, "FEIF") + ", the stream stays off");
    stream.requested = line(index);
    enabled_ |= static_cast<uint8_t>(1u << index);
    begin_activity(index);
    for (Side side : {Side::peripheral, Side::memory}) arbitrate(side, now);
}

// ---- requests ----

void Dma::request(unsigned input, bool level) {
    const uint64_t bit = uint64_t{1} << input;
    lines_ = level ? lines_ | bit : lines_ & ~bit;
    const unsigned index = input / channel_count;
    if (!level || !streams_[index].enabled() || streams_[index].setup().channel != input % channel_count) return;
    if (!is_clocked()) return warn_once(index, no_clock, "a request is lost, as RCC keeps the controller's clock off");
    if (simulating_) {                              // the peripheral's answer to a beat: finish() looks at the line
        streams_[index].requested = true;
        return;
    }
    simulate(scheduler_.moment(), scheduler_.moment(), false);
    note_request(index);
    synchronise();
}

void Dma::note_request(unsigned index) {
    Stream& stream = streams_[index];
    if (stream.setup().memory_to_memory()) return;
    if (stream.lacks_room()) {
        stream.raise(FEIF);
        warn_once(index, full_fifo, flag_of(index, "FEIF") + (stream.setup().to_memory() ? ": FIFO overrun, a request finds no room"
                                                                                 : ": FIFO underrun, a request finds no data"));
    } else if (stream.loses_item()) {
        stream.raise(DMEIF);
        warn_once(index, lost_item, flag_of(index, "DMEIF") + ": a request comes before the item ahead of it is in memory");
    }
    stream.requested = true;
    arbitrate(Side::peripheral, aligned(scheduler_.moment()));
}

// ---- errors, interrupts, record ----

void Dma::fail(unsigned index, Side side, const char* why) {
    Stream& stream = streams_[index];
    stream.raise(TEIF);
    const char* which = side == Side::peripheral ? "PAR " : (stream.cr() & CT) != 0 ? "M1AR " : "M0AR ";
    warn_once(index, unreachable_finding,
              register_of(index, which) + hexadecimal(stream.address(side)) + " " + why + ": " + flag_of(index, "TEIF") + ", the stream stops");
    stream.disable();
}

void Dma::note_gap(unsigned index, uint32_t address) {
    warn_once(index, gap_finding, hexadecimal(address) + " is a register that is not modelled");
}

void Dma::warn_once(unsigned index, uint8_t finding, const std::string& text) {
    if ((warned_[index] & finding) == 0) warn(index, text);
    warned_[index] |= finding;
}

void Dma::warn(unsigned index, const std::string& text) {
    recorder_.warn(name_ + " stream " + std::to_string(index) + ": " + text);
}

void Dma::update_lines() {
    for (const unsigned i : streams_of(used_)) irqs_[i].set(streams_[i].wants_interrupt());
}

void Dma::record_block(unsigned index) {
    Stream::Block block{};
    if (!streams_[index].take_block(block)) return;
    const bool to_memory = streams_[index].setup().to_memory();
    recorder_.transfers.push_back({block.start, block.end, record_names_[index], to_memory, block.address, block.bytes});
}

void Dma::state(Archive& archive) {
    if (copy_.is_active() && archive.is_reading()) copy_.drop();
    if (copy_.is_active()) end_copy();
    Peripheral::state(archive);
    archive(streams_, ports_, irqs_, last_items_, lines_, enabled_, lazy_, used_, warned_, simulated_, event_);
    if (!archive.is_reading()) return;
    idle_until = 0;
    announced_ = 0;
    for (auto& slaves : active_slaves_) slaves.clear();         // the matrix has forgotten them
    for (unsigned i = 0; i < stream_count; ++i)
        if (streams_[i].enabled()) begin_activity(i);
    for (Side side : {Side::peripheral, Side::memory}) {
        Port& each = port(side);
        const DmaTarget* target = each.phase == Phase::idle ? nullptr : resolve(each.stream, side, streams_[each.stream].address(side));
        each.slave = target == nullptr ? nullptr : target->slave;
        each.is_device = target != nullptr && target->device != nullptr;
        if (target == nullptr) each.phase = Phase::idle;
    }
}

}  // namespace tinysim::stm32
