#include "soc/stm32/dma_stream.h"

#include <algorithm>
#include <bit>

namespace tinysim::stm32::dma {

// ---- registers ----

uint32_t Stream::read_register(uint32_t offset) const {
    switch (offset) {
    case CR: return cr_;
    case NDTR: return ndtr_;
    case PAR: return par_;
    case M0AR: return m0ar_;
    case M1AR: return m1ar_;
    default: return fcr_ | fifo.status() << FS_at;
    }
}

bool Stream::protects(uint32_t offset) const {
    if (!enabled() || !setup_.double_buffer) return false;
    return offset == ((cr_ & CT) == 0 ? M0AR : M1AR);
}

void Stream::write_register(uint32_t offset, uint32_t value) {
    const bool is_locked = enabled();
    const bool is_other_target = is_locked && setup_.double_buffer && !protects(offset);
    switch (offset) {
    case CR: {
        const uint32_t mask = (is_locked ? cr_free : cr_writable) & ~EN;
        cr_ = (cr_ & ~mask) | (value & mask);
        break;
    }
    case NDTR:
        if (!is_locked) ndtr_ = programmed_items_ = value & 0xFFFF;
        break;
    case PAR:
        if (!is_locked) par_ = value;
        break;
    case M0AR:
        if (!is_locked || is_other_target) m0ar_ = value;
        break;
    case M1AR:
        if (!is_locked || is_other_target) m1ar_ = value;
        break;
    default: {
        const uint32_t mask = is_locked ? FEIE : fcr_writable;
        fcr_ = (fcr_ & ~mask) | (value & mask);
        break;
    }
    }
}

bool Stream::wants_interrupt() const {
    const uint32_t enables = (cr_ & (TCIE | HTIE | TEIE | DMEIE)) << 1 | (fcr_ & FEIE) / FEIE * FEIF;
    return (flags_ & enables) != 0;
}

void Stream::reset() { *this = Stream(); }

void Stream::state(Archive& archive) {
    archive(cr_, ndtr_, par_, m0ar_, m1ar_, fcr_, flags_, requested, ended, programmed_items_, block_items_, block_bytes_,
            peripheral_address_, memory_address_, memory_left_bytes_, second_target_, stopping_, moving_fifo_, primed_,
            half_done_, half_start_, half_address_, half_bytes_, block_, has_block_, fifo);
    if (!archive.is_reading()) return;
    setup_ = setup_of(cr_, fcr_);
    is_word_copy_ = setup_.copies_words();
    places[0] = places[1] = {};
}

// ---- life ----

bool Stream::enable(Tick at) {
    cr_ = forced_cr(cr_, fcr_);
    fcr_ = forced_fcr(cr_, fcr_);
    setup_ = setup_of(cr_, fcr_);
    is_word_copy_ = setup_.copies_words();
    if (!fits_fifo(setup_)) {
        raise(FEIF);
        return false;
    }
    if (setup_.peripheral_flow) ndtr_ = 0xFFFF;
    else if (ndtr_ == 0) ndtr_ = programmed_items_;
    block_items_ = ndtr_;
    block_bytes_ = block_items_ * setup_.peripheral_bytes;
    cr_ |= EN;
    peripheral_address_ = par_ & ~(setup_.peripheral_bytes - 1);
    second_target_ = setup_.double_buffer && (cr_ & CT) != 0;
    fifo.clear();
    places[0] = places[1] = {};
    stopping_ = primed_ = half_done_ = ended = false;
    moving_fifo_ = !setup_.to_memory();
    begin_memory_block(at);
    return true;
}

void Stream::begin_memory_block(Tick at) {
    const uint32_t base = second_target_ ? m1ar_ : m0ar_;
    memory_address_ = base & ~(setup_.memory_bytes - 1);
    memory_left_bytes_ = block_bytes_;
    half_start_ = at;
    half_address_ = memory_address_;
    half_bytes_ = 0;
}

void Stream::disable() {
    cr_ &= ~EN;
    stopping_ = requested = ended = false;
    fifo.clear();
}

void Stream::end_early(Tick at) {
    if (half_bytes_ != 0) {
        block_ = {half_start_, at, half_address_, half_bytes_};
        has_block_ = true;
    }
    disable();
    raise(TCIF);
}

bool Stream::has_stopped() const { return !setup_.to_memory() || fifo.level() == 0; }

// ---- what a side can do ----

Burst Stream::wanted(Side side) const {
    if (side == Side::peripheral) return wanted_of_peripheral();
    return setup_.to_memory() ? wanted_to_memory() : wanted_from_memory();
}

Burst Stream::wanted_of_peripheral() const {
    if (stopping_ || ndtr_ == 0 || !(requested || setup_.memory_to_memory())) return {};
    const uint32_t beats = ndtr_ >= setup_.peripheral_beats ? setup_.peripheral_beats : 1;
    const uint32_t there = setup_.to_memory() ? fifo.space() : fifo.level();
    if (there < beats * setup_.peripheral_bytes) return {};
    return {beats, setup_.peripheral_bytes};
}

// The end of the block, of the stream, or of the peripheral's data is in the FIFO: the threshold does not count.
bool Stream::flushes() const { return fifo.level() >= memory_left_bytes_ || stopping_ || (ended && !requested); }

Burst Stream::wanted_to_memory() const {
    const uint32_t level = std::min(fifo.level(), memory_left_bytes_);
    if (level == 0) return {};
    const bool flushed = flushes();
    if (!setup_.direct && !moving_fifo_ && !flushed) return {};
    if (level >= setup_.memory_beats * setup_.memory_bytes) return {setup_.memory_beats, setup_.memory_bytes};
    if (setup_.memory_beats > 1 && !flushed) return {};
    if (level >= setup_.memory_bytes) return {1, setup_.memory_bytes};
    if (!flushed) return {};
    return {1, std::bit_floor(level)};
}

Burst Stream::wanted_from_memory() const {
    if (stopping_ || memory_left_bytes_ == 0 || !moving_fifo_) return {};
    if (setup_.direct && fifo.level() != 0) return {};
    const uint32_t burst_bytes = setup_.memory_beats * setup_.memory_bytes;
    if (memory_left_bytes_ >= burst_bytes) return fifo.space() >= burst_bytes ? Burst{setup_.memory_beats, setup_.memory_bytes} : Burst{};
    const uint32_t bytes = std::min(setup_.memory_bytes, std::bit_floor(memory_left_bytes_));
    return fifo.space() >= bytes ? Burst{1, bytes} : Burst{};
}

bool Stream::completes(Side side, Burst burst) const {
    const bool ends_block = (side == Side::memory) == setup_.to_memory();
    if (!ends_block) return false;
    const uint32_t left = side == Side::memory ? memory_left_bytes_ : ndtr_ * setup_.peripheral_bytes;
    const uint32_t then = left - std::min(left, burst.beats * burst.bytes);
    return then == 0 || (!half_done_ && then * 2 <= block_bytes_);
}

// ---- what has been done ----

void Stream::finish(Side side, Burst burst, Tick at) {
    if (side == Side::peripheral) finish_peripheral(burst);
    else finish_memory(burst, at);
}

void Stream::finish_peripheral(Burst burst) {
    const uint32_t bytes = burst.beats * burst.bytes;
    ndtr_ -= burst.beats;
    peripheral_address_ += burst.beats * setup_.peripheral_step;
    if (setup_.to_memory()) {
        fifo.pushed(bytes);
        if (fifo.level() >= setup_.threshold_bytes) moving_fifo_ = true;
        if (ended) memory_left_bytes_ = fifo.level();
    } else {
        fifo.popped(bytes);
        if (fifo.level() <= setup_.threshold_bytes) moving_fifo_ = true;
        passed(ended ? 0 : ndtr_ * setup_.peripheral_bytes);
    }
    if (ndtr_ != 0 || !setup_.circular) return;
    ndtr_ = block_items_;
    peripheral_address_ = par_ & ~(setup_.peripheral_bytes - 1);
}

void Stream::finish_memory(Burst burst, Tick at) {
    const uint32_t bytes = burst.beats * burst.bytes;
    const bool was_above_half = memory_left_bytes_ * 2 > block_bytes_;
    memory_left_bytes_ -= bytes;
    half_bytes_ += bytes;
    memory_address_ += burst.beats * (setup_.memory_step != 0 ? burst.bytes : 0);
    if (memory_left_bytes_ == 0 || (was_above_half && memory_left_bytes_ * 2 <= block_bytes_)) {
        block_ = {half_start_, at, half_address_, half_bytes_};
        has_block_ = true;
        half_start_ = at;
        half_address_ = memory_address_;
        half_bytes_ = 0;
    }
    const uint32_t burst_bytes = setup_.memory_beats * setup_.memory_bytes;
    if (setup_.to_memory()) {
        fifo.popped(bytes);
        if (fifo.level() < burst_bytes) moving_fifo_ = false;
        passed(memory_left_bytes_);
    } else {
        fifo.pushed(bytes);
        primed_ = true;
        if (fifo.space() < burst_bytes && !setup_.direct) moving_fifo_ = false;
    }
    if (memory_left_bytes_ != 0 || !setup_.circular) return;
    second_target_ = setup_.double_buffer && !second_target_;
    begin_memory_block(at);
}

void Stream::passed(uint32_t left_bytes) {
    if (!half_done_ && left_bytes * 2 <= block_bytes_) {
        half_done_ = true;
        raise(HTIF);
    }
    if (left_bytes != 0) return;
    raise(TCIF);
    half_done_ = false;
    if (setup_.double_buffer) cr_ ^= CT;
    if (!setup_.circular) disable();
}

bool Stream::lacks_room() const {
    if (setup_.to_memory()) return fifo.space() < setup_.peripheral_bytes * setup_.peripheral_beats;
    return primed_ && ndtr_ != 0 && fifo.level() < setup_.peripheral_bytes;
}

bool Stream::loses_item() const {
    return setup_.direct && setup_.direction == Direction::peripheral_to_memory && setup_.memory_step == 0 && fifo.level() != 0;
}

}  // namespace tinysim::stm32::dma
