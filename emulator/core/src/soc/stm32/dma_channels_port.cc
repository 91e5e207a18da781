// The port of a channel DMA, access by access, and when its controller looks at itself again. See dma_channels.h.
#include <cstring>

#include "soc/stm32/dma_channels.h"
#include "tinysim/flash_timing.h"
#include "tinysim/memory.h"

namespace tinysim::stm32 {

using namespace dma_channel;

// Takes slaves before `until`, ends accesses up to `ends_until`. The end of one at a device waits for its event.
void ChannelDma::simulate(Tick until, Tick ends_until, bool may_touch_devices) {
    if (simulating_) return;                        // the matrix asks on behalf of an access of ours
    simulating_ = true;
    while (phase_ != Phase::idle) {
        if (phase_ == Phase::moving) {
            if (next_at_ > ends_until || (is_device_ && !may_touch_devices)) break;
            finish();
        } else {
            if (ready_at() >= until) break;
            take();
        }
    }
    simulating_ = false;
}

void ChannelDma::advance_to(Tick until) {
    if (phase_ != Phase::idle && ready_at() < until) simulate(until, until, false);
}

// ---- an item ----

int ChannelDma::best_channel() const {
    int best = -1;
    for (unsigned i = 0; i < channels; ++i)
        if (all_[i].wants() && (best < 0 || all_[i].priority() > all_[static_cast<unsigned>(best)].priority())) best = static_cast<int>(i);
    return best;
}

void ChannelDma::arbitrate(Tick at) {
    while (phase_ == Phase::idle) {
        const int index = best_channel();
        if (index < 0) return;
        current_ = static_cast<uint8_t>(index);
        if (begin_access(false, std::max(at, free_at_) + cycles(timing_.arbitration_cycles))) return;
    }
}

uint32_t ChannelDma::address() const { return is_memory_side() ? all_[current_].memory : all_[current_].peripheral; }

bool ChannelDma::begin_access(bool is_write, Tick at) {
    writes_ = is_write;
    const DmaTarget* target = resolve(current_, is_memory_side(), address(), is_write);
    if (target == nullptr) {
        phase_ = Phase::idle;
        next_at_ = never;
        return false;
    }
    slave_ = target->slave;
    is_device_ = target->device != nullptr;
    data_ticks_ = data_ticks(*slave_);
    next_at_ = at + cycles(timing_.address_cycles);
    phase_ = Phase::waiting;
    if (!can_beat_ahead()) return true;
    matrix_->beat(master_, address(), next_at_);
    next_at_ = slave_->busy_until;
    phase_ = Phase::moving;
    move();
    if (!is_awaited_end()) finish();
    return true;
}

const DmaTarget* ChannelDma::resolve(unsigned index, bool memory_side, uint32_t address, bool is_write) {
    Place& place = all_[index].places[memory_side ? 1 : 0];
    if (address >> Place::shift == place.kilobyte) return &place.target;
    const DmaTarget target = bus_.target(address);
    const char* why = target.slave == nullptr ? "is on no bus that a DMA reaches"
                      : target.memory == nullptr && target.device == nullptr ? "has nothing behind it that is modelled"
                      : is_write && target.memory != nullptr && target.memory->kind() != MemoryKind::ram ? "is not written by a DMA"
                      : nullptr;
    if (why != nullptr) {
        fail(index, memory_side, address, why);
        return nullptr;
    }
    place = {address >> Place::shift, target, address - target.offset};
    return &place.target;
}

Tick ChannelDma::data_ticks(const Slave& slave) const {
    if (slave.kind != SlaveKind::apb) return cycles(timing_.ahb_transfer_cycles);
    const Tick apb_cycle = slave.apb_cycle_ticks != 0 ? slave.apb_cycle_ticks : matrix_->cycle_ticks;
    return cycles(timing_.apb_synchronisation_cycles) + timing_.apb_transfer_apb_cycles * apb_cycle;
}

// An access of a paced channel to a RAM that nobody else is busy with: announced to the matrix ahead of its cycle.
bool ChannelDma::can_beat_ahead() const {
    if (is_lazy(current_) || is_device_ || slave_->kind != SlaveKind::ram) return false;
    return slave_->active.empty() && slave_->busy_until <= next_at_ &&
           (slave_->beat_start == never || slave_->beat_start < scheduler_.now());
}

bool ChannelDma::is_awaited_end() const { return writes_ && all_[current_].completes(); }

void ChannelDma::take() {
    const Channel& channel = all_[current_];
    if (!channel.enabled()) {                       // switched off in the meantime
        phase_ = Phase::idle;
        free_at_ = std::exchange(next_at_, never);
        return arbitrate(free_at_);
    }
    const DmaTarget& target = channel.places[is_memory_side() ? 1 : 0].target;
    if (slave_->kind == SlaveKind::flash && target.memory != nullptr && target.memory->timing != nullptr) {
        const uint32_t offset = address() - channel.places[is_memory_side() ? 1 : 0].first;
        data_ticks_ += cycles(target.memory->timing->read(offset, ready_at() / matrix_->cycle_ticks).cycles);
    }
    slave_->take(master_, next_at_, data_ticks_);
    next_at_ = slave_->busy_until;
    phase_ = Phase::moving;
    if (is_device_) return;
    move();
    if (is_lazy(current_)) return;
    if (matrix_->close_windows_once) matrix_->close_windows_once();
    if (!is_awaited_end()) finish();
}

// The data of an access to a memory, when its slave is taken.
void ChannelDma::move() {
    const Channel& channel = all_[current_];
    const Place& place = channel.places[is_memory_side() ? 1 : 0];
    const uint32_t offset = address() - place.first, bytes = is_memory_side() ? channel.memory_bytes() : channel.peripheral_bytes();
    Memory& memory = *place.target.memory;
    if (!writes_) {
        item_ = 0;
        std::memcpy(&item_, memory.data() + offset, bytes);
    } else if (memory.holds_any_code()) {
        memory.write(offset, reinterpret_cast<const uint8_t*>(&item_), bytes);
    } else {
        std::memcpy(memory.data() + offset, &item_, bytes);
    }
}

void ChannelDma::finish() {
    const Tick at = std::exchange(next_at_, never);
    phase_ = Phase::idle;
    const bool goes_on = all_[current_].enabled() && (!is_device_ || touch_device());
    if (goes_on && !writes_) {
        if (begin_access(true, at)) return;
    } else if (goes_on) {
        finish_item(at);
    }
    free_at_ = at + (goes_on && !all_[current_].between_memories() ? cycles(timing_.acknowledge_cycles) : 0);
    arbitrate(free_at_);
}

// The access at a device, when it ends. False: it refused, the channel is off.
bool ChannelDma::touch_device() {
    Channel& channel = all_[current_];
    const Place& place = channel.places[is_memory_side() ? 1 : 0];
    const uint32_t offset = address() - place.first, bytes = is_memory_side() ? channel.memory_bytes() : channel.peripheral_bytes();
    Device& device = *place.target.device;
    if (!is_memory_side()) channel.requested = false;
    if (writes_) device.write(offset, item_ & (bytes == 4 ? 0xFFFFFFFFu : (1u << bytes * 8) - 1), bytes);
    else item_ = device.read(offset, bytes);
    if (device.take_gap()) note_gap(current_);
    if (!device.take_refusal()) return true;
    fail(current_, is_memory_side(), address(), "answered with a bus error");
    return false;
}

void ChannelDma::finish_item(Tick at) {
    Channel& channel = all_[current_];
    if (channel.places[0].target.device == nullptr) channel.requested = false;      // paced, but between memories
    served_[current_].pulse();                      // who asks may take the request back
    channel.requested = channel.requested || line(current_);
    --channel.cndtr;
    if (channel.cndtr == 1) last_items_[current_ * selections + selection(current_)].pulse();
    channel.peripheral += (channel.ccr & PINC) != 0 ? channel.peripheral_bytes() : 0;
    channel.memory += (channel.ccr & MINC) != 0 ? channel.memory_bytes() : 0;
    channel.block_bytes += channel.memory_bytes();
    if (!channel.half_done && channel.cndtr * 2 <= channel.items) {
        channel.half_done = true;
        channel.flags |= HTIF;
        record_block(current_, at);
    }
    if (channel.cndtr != 0) return;
    channel.flags |= TCIF;
    record_block(current_, at);
    if ((channel.ccr & CIRC) == 0 || channel.between_memories()) return;
    channel.cndtr = channel.items;
    channel.load(at);
}

// ---- when to look again, and whom the matrix knows ----

void ChannelDma::synchronise() {
    const Tick now = scheduler_.moment();
    simulate(now + 1, now, true);
    if (simulating_) return;                        // a peripheral touched us out of an access: its end does the rest
    update_lines();
    end_activities();
    arm();
}

void ChannelDma::arm() {
    Tick next = due();
    for (unsigned i = 0; i < channels; ++i)
        if (is_lazy(i) && all_[i].wants()) next = std::min(next, earliest_flag(i));
    if (next == never) return scheduler_.cancel(event_);
    next = std::max(next, scheduler_.moment() + 1);
    if (!event_.is_scheduled() || event_.due() != next) scheduler_.at(event_, next);
}

// When the port has to be looked at: not for a lazy channel, unless others wait for it.
Tick ChannelDma::due() const {
    if (phase_ == Phase::idle) return never;
    const bool is_awaited = std::any_of(all_.begin(), all_.end(), [this](const Channel& each) {
        return each.wants() && !is_lazy(static_cast<unsigned>(&each - all_.data()));
    });
    if (is_lazy(current_) && !is_awaited) return never;
    const bool only_end_counts = is_device_ || is_lazy(current_);
    return phase_ == Phase::waiting && only_end_counts ? ready_at() + data_ticks_ : ready_at();
}

// No flag can come earlier: what is left, without contention. Contention makes the event find that it is early.
Tick ChannelDma::earliest_flag(unsigned index) const {
    const Channel& channel = all_[index];
    const uint32_t half = channel.items / 2;
    const uint32_t items = (channel.ccr & HTIE) != 0 && channel.cndtr > half ? channel.cndtr - half : channel.cndtr;
    const Tick item_ticks = cycles(timing_.arbitration_cycles + 2 * (timing_.address_cycles + timing_.ahb_transfer_cycles));
    const Tick access_end = phase_ == Phase::idle ? 0 : phase_ == Phase::waiting ? ready_at() + data_ticks_ : next_at_;
    const Tick from = std::max({free_at_, channel.block_start, current_ == index ? 0 : access_end});
    return std::max(from + items * item_ticks, access_end);
}

void ChannelDma::add_slaves(unsigned index, uint32_t first, uint32_t bytes) {
    constexpr uint32_t stretch_bytes = 0x4000;      // no memory block of the family is smaller
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

void ChannelDma::begin_activity(unsigned index) {
    const Channel& channel = all_[index];
    const auto bit = static_cast<uint8_t>(1u << index);
    const bool is_lazy = channel.between_memories() && bus_.target(channel.peripheral).memory != nullptr &&
                         bus_.target(channel.memory).memory != nullptr;
    lazy_ = is_lazy ? lazy_ | bit : lazy_ & static_cast<uint8_t>(~bit);
    if (channel.cndtr == 0) return;
    const auto bytes = [&](uint32_t increments, uint32_t size) { return (channel.ccr & increments) != 0 ? channel.items * size : size; };
    add_slaves(index, channel.peripheral, bytes(PINC, channel.peripheral_bytes()));
    if (is_lazy) add_slaves(index, channel.memory, bytes(MINC, channel.memory_bytes()));
}

void ChannelDma::end_activities() {
    for (unsigned i = 0; i < channels; ++i) {
        if ((all_[i].enabled() && all_[i].cndtr != 0) || active_slaves_[i].empty()) continue;
        lazy_ &= static_cast<uint8_t>(~(1u << i));
        for (Slave* slave : std::exchange(active_slaves_[i], {})) {
            const bool has_others = std::any_of(active_slaves_.begin(), active_slaves_.end(), [&](const auto& slaves) {
                return std::find(slaves.begin(), slaves.end(), slave) != slaves.end();
            });
            if (!has_others) matrix_->end_activity(*this, *slave);
        }
    }
}

void ChannelDma::find_again() {
    for (auto& slaves : active_slaves_) slaves.clear();         // the matrix has forgotten them
    for (Channel& each : all_) each.places = {};
    for (unsigned i = 0; i < channels; ++i)
        if (all_[i].enabled() && all_[i].cndtr != 0) begin_activity(i);
    for (unsigned side = 0; phase_ != Phase::idle && side < 2; ++side) {
        const Channel& channel = all_[current_];
        resolve(current_, side == 1, side == 1 ? channel.memory : channel.peripheral, (side == 1) != channel.from_memory());
    }
    const Place& place = all_[current_].places[is_memory_side() ? 1 : 0];
    slave_ = place.target.slave;
    is_device_ = place.target.device != nullptr;
    if (slave_ == nullptr) phase_ = Phase::idle;
}

}  // namespace tinysim::stm32
