// The two ports of a DMA controller, transfer by transfer. See dma.h.
#include <algorithm>
#include <bit>

#include "soc/stm32/dma.h"
#include "tinysim/flash_timing.h"
#include "tinysim/memory.h"

namespace tinysim::stm32 {

using namespace dma;

namespace {
constexpr uint32_t peripherals_begin = 0x4000'0000, apb2_begin = 0x4001'0000, peripherals_end = 0x6000'0000;

void write_memory(const DmaTarget& target, uint32_t offset, const Fifo& fifo, uint32_t ahead, uint32_t bytes) {
    if (!target.memory->holds_any_code()) return fifo.look(ahead, target.memory->data() + offset, bytes);
    uint8_t item[4];
    fifo.look(ahead, item, bytes);
    target.memory->write(offset, item, bytes);
}
}  // namespace

// ---- the walk of both ports ----

Dma::Side Dma::next_side() const {
    const Port& peripheral = ports_[0];
    const Port& memory = ports_[1];
    const Tick one = peripheral.ready_at(), other = memory.ready_at();
    if (one != other) return one < other ? Side::peripheral : Side::memory;
    if (peripheral.phase != memory.phase) return peripheral.phase == Phase::moving ? Side::peripheral : Side::memory;
    // Both want one slave now: the one that did not have it last.
    return peripheral.slave == memory.slave && memory.phase == Phase::waiting && memory.slave->holder == masters_[0] ? Side::memory
                                                                                                                      : Side::peripheral;
}

// Takes slaves before `until`, ends transfers up to `ends_until`. The end of a beat at a device waits for its event.
void Dma::simulate(Tick until, Tick ends_until, bool may_touch_devices) {
    if (simulating_) return;                        // the matrix asks on behalf of a beat of ours
    simulating_ = true;
    for (;;) {
        if (copy_.is_active() || begin_copy()) {
            const bool is_done = copy_.run(until, ends_until);
            end_copy();
            if (is_done) break;
        }
        const Side side = next_side();
        const Port& next = port(side);
        if (next.phase == Phase::idle) break;
        if (next.phase == Phase::moving) {
            if (next.next_at > ends_until || (next.is_device && !may_touch_devices)) break;
            finish(side);
        } else {
            if (next.ready_at() >= until) break;
            take(side);
        }
    }
    simulating_ = false;
    note_idle();
}

void Dma::advance_to(Tick until) {
    if (copy_.is_active() && copy_.run(until, until)) {
        idle_until = copy_.idle_until();
        return;
    }
    if (copy_.is_active()) end_copy();
    if (ports_[0].ready_at() >= until && ports_[1].ready_at() >= until) return;
    simulate(until, until, false);
    begin_copy();
}

// One stream, with all that it touches in RAM.
bool Dma::begin_copy() {
    if (!std::has_single_bit(static_cast<unsigned>(enabled_)) || (enabled_ & lazy_) == 0) return false;
    const auto index = static_cast<unsigned>(std::countr_zero(static_cast<unsigned>(enabled_)));
    if (!dma::WordCopy::is_possible(streams_[index], index, ports_)) return false;
    copy_.begin(streams_[index], index, ports_, masters_, timing_, *matrix_);
    return true;
}

void Dma::end_copy() {
    copy_.put_back(streams_[copy_.index()], ports_, simulated_);
    if (copy_.arbitrates_at() == never) return;
    for (const Side side : {Side::peripheral, Side::memory}) arbitrate(side, copy_.arbitrates_at());
}

// ---- arbitration ----

// The stream whose transfer is next, -1 if none has one; `burst` is what it wants.
int Dma::best_stream(Side side, Burst& burst) {
    int best = -1;
    for (const unsigned index : streams_of(enabled_)) {
        const Stream& stream = streams_[index];
        if (!stream.enabled()) {
            enabled_ &= static_cast<uint8_t>(~(1u << index));
            continue;
        }
        if (best >= 0 && stream.setup().priority <= streams_[best].setup().priority) continue;
        const Burst wanted = stream.wanted(side);
        if (wanted.beats == 0) continue;
        best = static_cast<int>(index);
        burst = wanted;
    }
    return best;
}

void Dma::arbitrate(Side side, Tick at) {
    Port& mine = port(side);
    while (mine.phase == Phase::idle) {
        const int index = best_stream(side, mine.burst);
        if (index < 0 || begin(side, static_cast<unsigned>(index), std::max(at, mine.free_at))) return;
    }
}

// False: the stream's address is not reached, it has been switched off.
bool Dma::begin(Side side, unsigned index, Tick at) {
    Port& mine = port(side);
    const uint32_t address = streams_[index].address(side);
    const DmaTarget* target = resolve(index, side, address);
    if (target == nullptr) return false;
    mine.stream = static_cast<uint8_t>(index);
    mine.slave = target->slave;
    mine.is_device = target->device != nullptr;
    mine.data_ticks = data_ticks(*target->slave, mine.burst);
    mine.next_at = at + overhead_ticks(side, address, *target->slave);
    mine.phase = Phase::waiting;
    idle_until = 0;
    if (can_beat_ahead(side)) beat_ahead(side, address);
    return true;
}

const DmaTarget* Dma::resolve_anew(unsigned index, Side side, uint32_t address) {
    Stream& stream = streams_[index];
    const DmaTarget target = bus_.target(address);
    if (const char* why = unreachable(side, address, target, stream.reads(side))) {
        fail(index, side, why);
        return nullptr;
    }
    Place& place = stream.places[static_cast<unsigned>(side)];
    place = {address >> Place::shift, target, address - target.offset};
    return &place.target;
}

const char* Dma::unreachable(Side side, uint32_t address, const DmaTarget& target, bool is_read) const {
    const bool is_peripheral = address >= peripherals_begin && address < peripherals_end;
    if (target.slave == nullptr) return "is on no bus that a DMA reaches (CCM is the CPU's alone)";
    if (!is_second_ && side == Side::peripheral && (!is_peripheral || address >= apb2_begin))
        return "is not on APB1, which is all that the peripheral port of DMA1 reaches";
    if (!is_second_ && side == Side::memory && is_peripheral) return "is a peripheral, the memory port of DMA1 reaches memories only";
    if (target.memory == nullptr && target.device == nullptr) return "has nothing behind it that is modelled";
    if (!is_read && target.memory != nullptr && target.memory->kind() != MemoryKind::ram) return "is not written by a DMA";
    return nullptr;
}

// ---- time ----

Tick Dma::overhead_ticks(Side side, uint32_t address, const Slave& slave) const {
    if (side == Side::peripheral) {
        const bool is_direct = slave.kind == SlaveKind::apb && (!is_second_ || address >= apb2_begin);
        return cycles(timing_.peripheral_arbitration_cycles + timing_.peripheral_address_cycles +
                      (is_direct ? 0 : timing_.matrix_arbitration_cycles));
    }
    // Only on a slave whose users are all watched is it known that nobody else had it.
    const bool is_ours = slave.holder == masters_[1] && !slave.active.empty() && slave.kind == SlaveKind::ram;
    return cycles(timing_.memory_arbitration_cycles + timing_.memory_address_cycles + (is_ours ? 0 : timing_.matrix_arbitration_cycles));
}

Tick Dma::data_ticks(const Slave& slave, Burst burst) const {
    if (slave.kind != SlaveKind::apb) return cycles(timing_.ahb_transfer_cycles * burst.beats);
    return cycles(timing_.apb_synchronisation_cycles) + timing_.apb_transfer_apb_cycles * burst.beats * slave.apb_cycle_ticks;
}

Tick Dma::flash_ticks(const DmaTarget& target, Burst burst, Tick at) const {
    if (target.slave->kind != SlaveKind::flash || target.memory == nullptr || target.memory->timing == nullptr) return 0;
    return cycles(target.memory->timing->read(target.offset, at / matrix_->cycle_ticks).cycles) * burst.beats;
}

// ---- a transfer ----

void Dma::take(Side side) {
    Port& mine = port(side);
    Stream& stream = streams_[mine.stream];
    const uint32_t address = stream.address(side);
    const DmaTarget* target = stream.enabled() ? resolve(mine.stream, side, address) : nullptr;
    if (target == nullptr) {                        // switched off in the meantime
        mine.phase = Phase::idle;
        mine.free_at = std::exchange(mine.next_at, never);
        arbitrate(side, mine.free_at);
        return;
    }
    Slave& slave = *mine.slave;
    if (slave.kind == SlaveKind::flash) mine.data_ticks += flash_ticks(*target, mine.burst, mine.ready_at());
    slave.take(masters_[static_cast<unsigned>(side)], mine.next_at, mine.data_ticks);
    mine.next_at = slave.busy_until;
    mine.phase = Phase::moving;
    if (mine.is_device) return;
    move(mine.stream, side, mine.burst);
    if (runs_lazily(mine.stream)) return;
    if (matrix_->close_windows_once) matrix_->close_windows_once();
    if (!is_awaited_end(side)) finish(side);
}

// One beat of a paced stream in a RAM that nobody else is busy with: announced to the matrix ahead of its cycle.
bool Dma::can_beat_ahead(Side side) const {
    const Port& mine = ports_[static_cast<unsigned>(side)];
    if (runs_lazily(mine.stream) || mine.is_device || mine.burst.beats != 1 || mine.slave->kind != SlaveKind::ram) return false;
    return mine.slave->active.empty() && mine.slave->busy_until <= mine.next_at &&
           (mine.slave->beat_start == never || mine.slave->beat_start < scheduler_.now());
}

// A flag or the stream's end comes with the end of this transfer: it has to come at its time.
bool Dma::is_awaited_end(Side side) const {
    const Port& mine = ports_[static_cast<unsigned>(side)];
    const Stream& stream = streams_[mine.stream];
    return stream.is_stopping() || stream.completes(side, mine.burst);
}

void Dma::beat_ahead(Side side, uint32_t address) {
    Port& mine = port(side);
    matrix_->beat(masters_[static_cast<unsigned>(side)], address, mine.next_at);
    mine.next_at = mine.slave->busy_until;
    mine.phase = Phase::moving;
    move(mine.stream, side, mine.burst);
    if (!is_awaited_end(side)) finish(side);
}

void Dma::finish(Side side) {
    Port& mine = port(side);
    const unsigned index = mine.stream;
    const Tick at = std::exchange(mine.next_at, never);
    Stream& stream = streams_[index];
    if (side == Side::peripheral && !mine.is_device) stream.requested = line(index);        // paced, but between memories
    if (stream.enabled() && (!mine.is_device || touch_device(index, side, mine.burst))) {
        stream.finish(side, mine.burst, at);
        if (side == Side::peripheral && stream.items_left() == 1 && mine.is_device)
            last_items_[index * channel_count + stream.setup().channel].pulse();
        record_block(index);
    }
    mine.phase = Phase::idle;
    mine.free_at = simulated_ = at;
    if (stream.is_stopping()) try_stop(index, at);
    arbitrate(Side::peripheral, at);
    arbitrate(Side::memory, at);
}

// The beats' data, between FIFO and memory, when the slave is taken.
void Dma::move(unsigned index, Side side, Burst burst) {
    Stream& stream = streams_[index];
    uint32_t address = stream.address(side);
    const bool is_read = stream.reads(side);
    for (uint32_t i = 0; i < burst.beats; ++i, address += stream.step(side)) {
        const DmaTarget* target = resolve(index, side, address);
        if (target == nullptr || target->memory == nullptr) return;
        const uint32_t offset = address - stream.places[static_cast<unsigned>(side)].first;
        if (is_read) stream.fifo.put(i * burst.bytes, target->memory->data() + offset, burst.bytes);
        else write_memory(*target, offset, stream.fifo, i * burst.bytes, burst.bytes);
    }
}

// The beats at a device, when they end. False: it refused, the stream is off.
bool Dma::touch_device(unsigned index, Side side, Burst burst) {
    Stream& stream = streams_[index];
    const bool is_read = stream.reads(side);
    if (side == Side::peripheral) stream.requested = false;
    uint32_t address = stream.address(side);
    for (uint32_t i = 0; i < burst.beats; ++i, address += stream.step(side)) {
        const DmaTarget* target = resolve(index, side, address);
        if (target == nullptr || target->device == nullptr) return false;
        const uint32_t offset = address - stream.places[static_cast<unsigned>(side)].first;
        uint32_t value = 0;
        if (is_read) {
            value = target->device->read(offset, burst.bytes);
            stream.fifo.put(i * burst.bytes, reinterpret_cast<const uint8_t*>(&value), burst.bytes);
        } else {
            stream.fifo.look(i * burst.bytes, reinterpret_cast<uint8_t*>(&value), burst.bytes);
            target->device->write(offset, value, burst.bytes);
        }
        if (target->device->take_gap()) note_gap(index, address);
        if (!target->device->take_refusal()) continue;
        fail(index, side, "answered with a bus error");
        return false;
    }
    if (side == Side::peripheral) stream.requested = stream.requested || line(index);
    return true;
}

void Dma::try_stop(unsigned index, Tick at) {
    Stream& stream = streams_[index];
    if (!stream.enabled() || !stream.is_stopping() || !stream.has_stopped()) return;
    for (const Port& each : ports_)
        if (each.phase != Phase::idle && each.stream == index) return;
    stream.end_early(at);
    record_block(index);
}

}  // namespace tinysim::stm32
