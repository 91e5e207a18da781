// When a DMA controller looks at itself again, and whom it announces to the matrix. See dma.h.
#include <algorithm>

#include "soc/stm32/dma.h"

namespace tinysim::stm32 {

using namespace dma;

void Dma::synchronise() {
    const Tick now = scheduler_.moment();
    simulate(now + 1, now, true);
    if (simulating_) return;                        // a peripheral touched us out of a beat: its end does the rest
    update_lines();
    end_activities();
    arm();
}

void Dma::arm() {
    Tick next = never;
    for (Side side : {Side::peripheral, Side::memory}) next = std::min(next, due(side));
    for (const unsigned i : streams_of(lazy_))
        if (streams_[i].enabled() && streams_[i].memory_left_bytes() != 0) next = std::min(next, earliest_flag(i));
    if (next == never) return scheduler_.cancel(event_);
    next = std::max(next, scheduler_.moment() + 1);
    if (!event_.is_scheduled() || event_.due() != next) scheduler_.at(event_, next);
}

// When a port has to be looked at: not for a lazy stream, unless others wait for the port.
Tick Dma::due(Side side) {
    const Port& mine = port(side);
    if (mine.phase == Phase::idle) return never;
    if (runs_lazily(mine.stream) && !is_awaited(side)) return never;
    const bool only_end_counts = mine.is_device || runs_lazily(mine.stream);
    return mine.phase == Phase::waiting && only_end_counts ? mine.ready_at() + mine.data_ticks : mine.ready_at();
}

bool Dma::is_awaited(Side side) const {
    for (const unsigned i : streams_of(enabled_ & ~lazy_))
        if (streams_[i].enabled() && streams_[i].wanted(side).beats != 0) return true;
    return false;
}

// No flag can come earlier: what is left, without contention. Contention makes the event find that it is early.
Tick Dma::earliest_flag(unsigned index) const {
    const Stream& stream = streams_[index];
    const Setup& setup = stream.setup();
    const uint32_t left = stream.memory_left_bytes(), half = stream.block_bytes() / 2;
    const uint32_t bytes = (stream.cr() & HTIE) != 0 && left > half ? left - half : left;
    const auto transfers = [](int64_t count, int64_t size) { return (count + size - 1) / size; };
    const int64_t writes = transfers(bytes, setup.memory_bytes * setup.memory_beats);
    const int64_t to_read = std::max<int64_t>(int64_t{bytes} - stream.fifo.level(), 0);
    const int64_t reads = transfers(to_read, setup.peripheral_bytes * setup.peripheral_beats);
    const Tick write_ticks = cycles(timing_.memory_arbitration_cycles + timing_.memory_address_cycles +
                                    timing_.ahb_transfer_cycles * setup.memory_beats);
    const Tick read_ticks = cycles(timing_.peripheral_arbitration_cycles + timing_.peripheral_address_cycles +
                                   timing_.matrix_arbitration_cycles + timing_.ahb_transfer_cycles * setup.peripheral_beats);
    const auto end_of = [&](const Port& mine, int64_t count, Tick each_ticks) -> Tick {
        if (count == 0) return simulated_;
        if (mine.phase == Phase::idle) return simulated_ + count * each_ticks;
        const Tick under_way = mine.ready_at() + (mine.phase == Phase::waiting ? mine.data_ticks : 0);     // of another stream, perhaps
        return under_way + (mine.stream == index ? count - 1 : count) * each_ticks;
    };
    const Tick last_read = end_of(ports_[0], reads, read_ticks) + (reads > 0 ? write_ticks : 0);
    return std::max(last_read, end_of(ports_[1], writes, write_ticks));
}

// ---- what the matrix is told ----

void Dma::add_slaves(unsigned index, Side side) {
    const Stream& stream = streams_[index];
    constexpr uint32_t stretch_bytes = 0x4000;      // no memory block of the family is smaller
    const uint32_t first = stream.base(side);
    const uint32_t bytes = stream.step(side) == 0 ? 1 : std::max(stream.block_bytes(), 1u);
    for (uint32_t offset = 0;; offset = std::min(offset + stretch_bytes, bytes - 1)) {
        Slave* const slave = bus_.target(first + offset).slave;
        auto& slaves = active_slaves_[index];
        if (slave != nullptr && std::find(slaves.begin(), slaves.end(), slave) == slaves.end()) {
            slaves.push_back(slave);
            matrix_->begin_activity(*this, *slave);
        }
        if (offset == bytes - 1) return;
    }
}

void Dma::begin_activity(unsigned index) {
    const Stream& stream = streams_[index];
    const auto bit = static_cast<uint8_t>(1u << index);
    const bool between_memories = stream.setup().memory_to_memory() && bus_.target(stream.base(Side::peripheral)).memory != nullptr &&
                                  bus_.target(stream.base(Side::memory)).memory != nullptr;
    lazy_ = between_memories ? lazy_ | bit : lazy_ & static_cast<uint8_t>(~bit);
    announced_ |= bit;
    add_slaves(index, Side::peripheral);
    if (between_memories) add_slaves(index, Side::memory);
}

void Dma::end_activities() {
    for (const unsigned i : streams_of(announced_)) {
        if (streams_[i].enabled()) continue;
        const auto others = static_cast<uint8_t>(~(1u << i));
        announced_ &= others;
        lazy_ &= others;
        for (Slave* slave : std::exchange(active_slaves_[i], {})) {
            const bool has_others = std::any_of(active_slaves_.begin(), active_slaves_.end(), [&](const auto& slaves) {
                return std::find(slaves.begin(), slaves.end(), slave) != slaves.end();
            });
            if (!has_others) matrix_->end_activity(*this, *slave);
        }
    }
}

}  // namespace tinysim::stm32
