// The frames of SAI: clock, slots, and the words in them.
#include <algorithm>
#include <bit>

#include "soc/stm32/bit_order.h"
#include "soc/stm32/sai.h"

namespace tinysim::stm32 {

using namespace sai;

namespace {
constexpr unsigned master_clocks_per_frame = 256;
constexpr const char* no_clock = "a sub-block is a master and its kernel clock stands still";
}  // namespace

// NODIV = 0: MCLK is 256 times the frame rate; else MCKDIV gives SCK at once. MCKDIV halves again but on the L4+.
Tick Sai::frame_ticks(unsigned half) {
    const uint32_t control = word_of(half, CR1), divider = control >> divider_at & (plus_ ? 63 : 15);
    const Tick kernel = tree() == nullptr || selections_[half] == no_selection ? clock_ticks() : tree()->kernel_period(selections_[half], no_gate);
    const Tick divided = kernel * (divider == 0 ? 1 : plus_ ? divider : 2 * divider);
    if ((control & NODIV) != 0) return divided * ((word_of(half, FRCR) & 0xFF) + 1);
    return divided * master_clocks_per_frame * (plus_ && (control & OSR) != 0 ? 2 : 1);
}

// From the frame's beginning. Bits behind the last slot carry nothing.
Tick Sai::slot_end(unsigned half, unsigned slot) {
    const unsigned own = slot_bits[word_of(half, SLOTR) >> slot_size_at & 3], data = data_bits[word_of(half, CR1) >> size_at & 7];
    const unsigned bits = (word_of(half, FRCR) & 0xFF) + 1;
    return frame_ticks(half) * std::min((slot + 1) * (own == 0 ? data : own), bits) / bits;
}

// WCKCFG: with a master clock a frame has 8, 16, ... 256 bits.
void Sai::start(unsigned half) {
    Half& mine = halves_[half];
    const uint32_t bits = (word_of(half, FRCR) & 0xFF) + 1;
    if (!has(half, CR1, slave) && !has(half, CR1, NODIV) && (!std::has_single_bit(bits) || bits < 8)) {
        mine.flags |= WCKCFG;
        word_of(half, CR1) &= ~SAIEN;
        return;
    }
    mine.slot = 0;
    if (hears_microphones(half)) start_pdm();
    if (has(half, CR1, slave)) {
        mine.runs = follows(half);
        return;
    }
    if (frame_ticks(half) == 0) return warn_once(warned_clock_, no_clock);
    mine.runs = true;
    mine.frame_at = scheduler_.now();
    begin_slot(half);
}

void Sai::begin_slot(unsigned half) {
    Half& mine = halves_[half];
    take_word(half);
    const unsigned other = 1 - half;
    if (halves_[other].runs && follows(other)) {
        halves_[other].slot = mine.slot;
        take_word(other);
    }
    follow_clock(half);
}

// The slot under way ends in time, or waits while the kernel clock stands still.
void Sai::follow_clock(unsigned half) {
    Half& mine = halves_[half];
    if (frame_ticks(half) == 0) return warn_once(warned_clock_, no_clock);
    scheduler_.at(mine.slot_event, mine.frame_at + slot_end(half, mine.slot));
}

void Sai::on_clock_changed() {
    for (unsigned half = 0; half < halves_.size(); ++half) {
        Half& mine = halves_[half];
        if (!mine.runs || has(half, CR1, slave) || mine.slot_event.is_scheduled() || is_stopped()) continue;
        mine.frame_at = scheduler_.now() - (mine.slot == 0 ? 0 : slot_end(half, mine.slot - 1));
        follow_clock(half);
    }
}

// Stop moves the slot's end, and with it the frame.
void Sai::on_slot(unsigned half, Tick late) {
    Half& mine = halves_[half];
    const unsigned other = 1 - half;
    mine.frame_at = scheduler_.now() - late - slot_end(half, mine.slot);
    end_slot(half);
    if (halves_[other].runs && follows(other)) end_slot(other);
    const unsigned slots = (word_of(half, SLOTR) >> slots_at & 15) + 1;
    if (++mine.slot >= slots) {
        mine.slot = 0;
        if (hears_microphones(half)) take_pdm_frame();
        mine.frame_at += frame_ticks(half);
        for (unsigned i = 0; i < halves_.size(); ++i)
            if ((i == half || follows(i)) && !has(i, CR1, SAIEN)) halves_[i].runs = false;
    }
    if (mine.runs) begin_slot(half);
    update_lines();
}

bool Sai::is_active(unsigned half) {
    const unsigned slot = halves_[half].slot;
    return has(half, SLOTR, 1u << (enabled_at + slot)) && !(has(half, CR1, MONO) && (slot & 1) != 0);
}

void Sai::take_word(unsigned half) {
    Half& mine = halves_[half];
    if (receives(half) || !is_active(half)) return;
    if (mine.fifo.empty()) return lose(half, "has nothing to send (SR.OVRUDR)");
    const uint64_t mask = (uint64_t{1} << data_bits[word_of(half, CR1) >> size_at & 7]) - 1;
    mine.word = has(half, CR2, MUTE) ? 0 : in_bit_order(half, mine.fifo.front() & static_cast<uint32_t>(mask));
    mine.fifo.pop_front();
}

void Sai::end_slot(unsigned half) {
    Half& mine = halves_[half];
    if (!receives(half) || !is_active(half)) return;
    mine.counts.produced();
    const uint32_t word = hear(half);
    if (mine.fifo.size() == 8) {
        mine.counts.lost();
        return lose(half, "loses a received word (SR.OVRUDR): its FIFO is full");
    }
    mine.fifo.push_back(in_bit_order(half, word));
}

// Words on the wire are written here with the first bit highest.
uint32_t Sai::in_bit_order(unsigned half, uint32_t word) {
    return has(half, CR1, LSBFIRST) ? reversed(word, data_bits[word_of(half, CR1) >> size_at & 7]) : word;
}

uint32_t Sai::hear(unsigned half) {
    const Half& mine = halves_[half];
    if (hears_microphones(half)) return pdm_word();
    const unsigned data = data_bits[word_of(half, CR1) >> size_at & 7];
    const Tick frame_at = follows(half) ? halves_[1 - half].frame_at : mine.frame_at;
    if (WordSource* source = sources_.find(half * second_wire + mine.slot))
        return static_cast<uint32_t>(source->word(frame_at)) >> (32 - data);
    return joined_ && !receives(1 - half) ? halves_[1 - half].word : 0;
}

void Sai::lose(unsigned half, const char* text) {
    Half& mine = halves_[half];
    mine.flags |= OVRUDR;
    if (!std::exchange(mine.warned_lost, true)) recorder_.warn(name_ + (half == 0 ? " block A " : " block B ") + text);
}

}  // namespace tinysim::stm32
