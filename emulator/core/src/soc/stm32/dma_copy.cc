// The commonest work of a DMA controller, fast: one stream alone copies words from RAM to RAM (memory-to-memory, single
// beats). Step for step what dma_ports.cc would do; it stops in front of flags, other memories and the next kilobyte's
// look-up, and dma_ports.cc does those.
#include <algorithm>
#include <bit>
#include <cstring>

#include "soc/stm32/dma.h"
#include "tinysim/memory.h"

namespace tinysim::stm32 {

using namespace dma;

bool Dma::is_copying_words() const {
    if (enabled_ == 0 || (enabled_ & (enabled_ - 1)) != 0 || (enabled_ & lazy_) == 0) return false;
    const auto index = static_cast<unsigned>(std::countr_zero(enabled_));
    if (!streams_[index].copies_words()) return false;
    return std::all_of(ports_.begin(), ports_.end(), [=](const Port& each) { return each.phase == Phase::idle || each.stream == index; });
}

void Dma::copy_words(Tick until, Tick ends_until) {
    Stream& stream = streams_[static_cast<unsigned>(std::countr_zero(enabled_))];
    for (;;) {
        const Tick one = ports_[0].ready_at(), other = ports_[1].ready_at();
        const Side side = one == other ? next_side() : one < other ? Side::peripheral : Side::memory;
        const bool goes_on = side == Side::peripheral ? step_word<Side::peripheral>(stream, until, ends_until)
                                                      : step_word<Side::memory>(stream, until, ends_until);
        if (!goes_on) return;
    }
}

// What the port does next, and the end of a transfer at once where nothing can come before it.
template <dma::Side S>
inline bool Dma::step_word(Stream& stream, Tick until, Tick ends_until) {
    Port& mine = ports_[static_cast<unsigned>(S)];
    const Port& other = ports_[1 - static_cast<unsigned>(S)];
    if (mine.phase == Phase::moving) return mine.next_at <= ends_until && finish_word<S>(stream);
    if (mine.phase == Phase::idle || mine.ready_at() >= until || !take_word<S>(stream)) return false;
    const bool is_next = other.phase == Phase::idle || (other.phase == Phase::waiting && other.slave == mine.slave);
    return !is_next || (mine.next_at <= ends_until && finish_word<S>(stream));
}

template <dma::Side S>
inline bool Dma::take_word(Stream& stream) {
    constexpr auto number = static_cast<unsigned>(S);
    Port& mine = ports_[number];
    const Place& place = stream.places[number];
    const uint32_t address = stream.address(S);
    if (address >> Place::shift != place.kilobyte || mine.slave->kind != SlaveKind::ram) return false;
    Memory& memory = *place.target.memory;
    if (S == Side::memory && memory.holds_any_code()) return false;
    mine.slave->take(masters_[number], mine.next_at, mine.data_ticks);
    mine.next_at = mine.slave->busy_until;
    mine.phase = Phase::moving;
    uint8_t* const bytes = memory.data() + (address - place.first);
    if (S == Side::peripheral) stream.fifo.put(0, bytes, 4);
    else stream.fifo.look(0, bytes, 4);
    return true;
}

template <dma::Side S>
inline bool Dma::finish_word(Stream& stream) {
    if (S == Side::peripheral) stream.count_read_word();
    else if (!stream.count_written_word()) return false;
    Port& mine = ports_[static_cast<unsigned>(S)];
    const Tick at = std::exchange(mine.next_at, never);
    mine.phase = Phase::idle;
    mine.free_at = simulated_ = at;
    return begin_word<Side::peripheral>(stream, at) && begin_word<Side::memory>(stream, at);
}

// False: it took the long way, and perhaps has found an end.
template <dma::Side S>
inline bool Dma::begin_word(Stream& stream, Tick at) {
    constexpr auto number = static_cast<unsigned>(S);
    Port& mine = ports_[number];
    if (mine.phase != Phase::idle || !(S == Side::peripheral ? stream.wants_to_read_word() : stream.wants_to_write_word())) return true;
    const Place& place = stream.places[number];
    const uint32_t address = stream.address(S);
    if (address >> Place::shift != place.kilobyte || place.target.slave->kind != SlaveKind::ram) {
        for (Side side : {Side::peripheral, Side::memory}) arbitrate(side, at);
        return false;
    }
    mine.stream = static_cast<uint8_t>(&stream - streams_.data());
    mine.slave = place.target.slave;
    mine.is_device = false;
    mine.burst = {1, 4};
    mine.data_ticks = cycles(timing_.ahb_transfer_cycles);
    mine.next_at = std::max(at, mine.free_at) + overhead_ticks(S, address, *mine.slave);
    mine.phase = Phase::waiting;
    return true;
}

}  // namespace tinysim::stm32
