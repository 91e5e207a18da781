#include "soc/stm32/dma_copy.h"

#include <algorithm>

#include "tinysim/memory.h"

namespace tinysim::stm32::dma {

bool WordCopy::is_possible(const Stream& stream, unsigned index, const std::array<Port, 2>& ports) {
    if (!stream.copies_words()) return false;
    for (const Side side : {Side::peripheral, Side::memory}) {
        const auto number = static_cast<unsigned>(side);
        if (ports[number].phase != Phase::idle && ports[number].stream != index) return false;
        const Place& place = stream.places[number];
        if (stream.address(side) >> Place::shift != place.kilobyte || place.target.slave->kind != SlaveKind::ram) return false;
    }
    return !stream.places[1].target.memory->holds_any_code();
}

void WordCopy::begin(const Stream& stream, unsigned index, const std::array<Port, 2>& ports, const std::array<MasterId, 2>& masters,
                     const Timing& timing, const Matrix& matrix) {
    const Stream::Words words = stream.words();
    matrix_ = &matrix;
    cycle_ticks_ = matrix.cycle_ticks;
    index_ = static_cast<uint8_t>(index);
    items_ = words.items;
    left_bytes_ = words.left_bytes;
    half_bytes_ = words.half_bytes;
    moving_fifo_ = words.moving_fifo;
    fifo_ = words.fifo;
    flag_bytes_ = stream.next_flag_bytes();
    threshold_bytes_ = stream.setup().threshold_bytes;
    target_ = stream.places[1].target.memory;
    data_ticks_ = timing.ahb_transfer_cycles * cycle_ticks_;
    matrix_ticks_ = timing.matrix_arbitration_cycles * cycle_ticks_;
    for (const Side side : {Side::peripheral, Side::memory}) {
        const auto number = static_cast<unsigned>(side);
        const Port& port = ports[number];
        const Place& place = stream.places[number];
        Slave* const slave = place.target.slave;
        const bool waits = port.phase == Phase::waiting;
        lanes_[number] = {port.phase, masters[number], port.next_at, port.free_at, slave, waits ? &slave->busy_until : &no_wait_,
                          place.target.memory->data() - place.first, stream.address(side), stream.step(side), place.kilobyte, 0};
    }
    lanes_[0].overhead_ticks = (timing.peripheral_arbitration_cycles + timing.peripheral_address_cycles) * cycle_ticks_ + matrix_ticks_;
    lanes_[1].overhead_ticks = (timing.memory_arbitration_cycles + timing.memory_address_cycles) * cycle_ticks_;
    simulated_ = arbitrates_at_ = never;
    is_active_ = true;
}

void WordCopy::put_back(Stream& stream, std::array<Port, 2>& ports, Tick& simulated) {
    is_active_ = false;
    stream.put_back({items_, lanes_[0].address, lanes_[1].address, left_bytes_, half_bytes_, moving_fifo_, fifo_});
    for (const unsigned i : {0u, 1u}) {
        const Lane& lane = lanes_[i];
        Port& port = ports[i];
        port.phase = lane.phase;
        port.next_at = lane.next_at;
        port.free_at = lane.free_at;
        if (lane.phase == Phase::idle) continue;
        port.stream = index_;
        port.slave = lane.slave;
        port.is_device = false;
        port.burst = {1, 4};
        port.data_ticks = data_ticks_;
    }
    if (simulated_ != never) simulated = simulated_;
}

bool WordCopy::run(Tick until, Tick ends_until) {
    if (matrix_->cycle_ticks != cycle_ticks_ || target_->holds_any_code()) return false;
    for (;;) {
        const Tick read_at = lanes_[0].ready_at(), write_at = lanes_[1].ready_at();
        const bool reads = read_at < write_at || (read_at == write_at && is_read_first());
        const Next next = reads ? step<Side::peripheral>(read_at, until, ends_until) : step<Side::memory>(write_at, until, ends_until);
        if (next != Next::step) return next == Next::nothing;
    }
}

// As Dma::next_side, of two that are ready at the same time.
bool WordCopy::is_read_first() const {
    if (lanes_[0].phase != lanes_[1].phase) return lanes_[0].phase == Phase::moving;
    return lanes_[0].slave != lanes_[1].slave || lanes_[1].phase != Phase::waiting || lanes_[1].slave->holder != lanes_[0].master;
}

// The transfer that is next, and its end at once where nothing can come before it.
template <Side S>
[[gnu::always_inline]] inline WordCopy::Next WordCopy::step(Tick ready_at, Tick until, Tick ends_until) {
    Lane& mine = lanes_[static_cast<unsigned>(S)];
    const Lane& other = lanes_[1 - static_cast<unsigned>(S)];
    if (mine.phase == Phase::moving) return mine.next_at > ends_until ? Next::nothing : finish<S>();
    if (ready_at >= until) return Next::nothing;            // an idle port is never ready
    mine.slave->take(mine.master, mine.next_at, data_ticks_);
    mine.next_at = mine.slave->busy_until;
    mine.phase = Phase::moving;
    mine.busy_until = &no_wait_;
    if (S == Side::peripheral) fifo_.put(0, mine.host + mine.address, 4);
    else fifo_.look(0, mine.host + mine.address, 4);
    const bool is_next = other.phase == Phase::idle || (other.phase == Phase::waiting && other.slave == mine.slave);
    return is_next && mine.next_at <= ends_until ? finish<S>() : Next::step;
}

template <Side S>
[[gnu::always_inline]] inline WordCopy::Next WordCopy::finish() {
    Lane& mine = lanes_[static_cast<unsigned>(S)];
    if (S == Side::peripheral) {
        --items_;
        fifo_.pushed(4);
        moving_fifo_ |= fifo_.level() >= threshold_bytes_;
    } else {
        if (left_bytes_ - 4 <= flag_bytes_) return Next::long_way;
        left_bytes_ -= 4;
        half_bytes_ += 4;
        fifo_.popped(4);
        moving_fifo_ &= fifo_.level() >= 4;
    }
    mine.address += mine.step;
    mine.free_at = simulated_ = mine.next_at;
    mine.next_at = never;
    mine.phase = Phase::idle;
    if (begin_next<Side::peripheral>(mine.free_at) && begin_next<Side::memory>(mine.free_at)) return Next::step;
    arbitrates_at_ = mine.free_at;
    return Next::long_way;
}

template <Side S>
[[gnu::always_inline]] inline bool WordCopy::wants() const {
    if (S == Side::peripheral) return items_ != 0 && fifo_.space() >= 4;
    const uint32_t level = fifo_.level();
    return std::min(level, left_bytes_) >= 4 && (moving_fifo_ || level >= left_bytes_);
}

// False: in another kilobyte.
template <Side S>
[[gnu::always_inline]] inline bool WordCopy::begin_next(Tick at) {
    Lane& mine = lanes_[static_cast<unsigned>(S)];
    if (mine.phase != Phase::idle || !wants<S>()) return true;
    if (mine.address >> Place::shift != mine.kilobyte) return false;
    const bool is_handed_over = S == Side::memory && mine.slave->holder != mine.master;      // Dma::overhead_ticks
    mine.next_at = std::max(at, mine.free_at) + mine.overhead_ticks + (is_handed_over ? matrix_ticks_ : 0);
    mine.phase = Phase::waiting;
    mine.busy_until = &mine.slave->busy_until;
    return true;
}

}  // namespace tinysim::stm32::dma
