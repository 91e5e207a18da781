#include "soc/stm32/sai.h"

#include <bit>

namespace tinysim::stm32 {

using namespace sai;

namespace {
constexpr int slot_priority = 50;
constexpr size_t fifo_words = 8;
constexpr uint32_t cleared_flags = 0x77;

#define HALF(x, cr1) \
    {x "CR1", 0x40, cr1}, {x "CR2", 0, 0xFFF7}, {x "FRCR", 7, 0x77FFF}, {x "SLOTR", 0, 0xFFFF0FDF}, {x "IM", 0, 0x7F}, {x "SR", 0, 0}, \
    {x "CLRFR", 0, 0}, {x "DR", 0, 0}
constexpr Register table[] = {{"GCR", 0, 0x33}, HALF("A", 0xFB3FEF), HALF("B", 0xFB3FEF)};
constexpr Register plus_table[] = {{"GCR", 0, 0x33}, HALF("A", 0xFFB3FEF), HALF("B", 0xFFB3FEF)};
constexpr Register pdm_table[] = {{"GCR", 0, 0x33}, HALF("A", 0xFFB3FEF), HALF("B", 0xFFB3FEF), {"PDMCR", 0, 0x331},
                                  {"PDMDLY", 0, 0x77777777}};
#undef HALF

RegisterTable table_of(const Construction& construction) {
    if (flag(construction, "pdm")) return pdm_table;
    return flag(construction, "plus") ? RegisterTable(plus_table) : RegisterTable(table);
}

uint32_t selection(const Construction& construction, const char* name) {
    return static_cast<uint32_t>(construction.number(name, no_selection));
}
}  // namespace

Sai::Half::Half(Sai& owner, unsigned number)
    : counts(owner.recorder_, owner.name_ + (number == 0 ? ".a" : ".b")),
      slot_event(owner.name_ + (number == 0 ? ".a" : ".b"), slot_priority, [&owner, number](Tick late) { owner.on_slot(number, late); }) {}

Sai::Sai(const Construction& construction)
    : Peripheral(construction, table_of(construction), Bridge::apb),
      plus_(flag(construction, "plus")), joined_(flag(construction, "joined")), has_pdm_(flag(construction, "pdm")),
      selections_{selection(construction, "clockSelectionA"), selection(construction, "clockSelectionB")},
      halves_{Half{*this, 0}, Half{*this, 1}} {
    wait_in_stop({&halves_[0].slot_event, &halves_[1].slot_event});
}

void Sai::reset() {
    Peripheral::reset();
    for (Half& half : halves_) {
        scheduler_.cancel(half.slot_event);
        half.fifo.clear();
        half.flags = half.word = half.last_word = half.slot = 0;
        half.runs = false;
    }
    heard_ = {};
    pdm_frame_ = 0;
    update_lines();
}

Line* Sai::output(std::string_view name) {
    if (name == "DmaA") return &halves_[0].request;
    return name == "DmaB" ? &halves_[1].request : Peripheral::output(name);
}

uint32_t& Sai::word_of(unsigned half, uint32_t offset) { return value(half_at + half * half_step + offset); }
bool Sai::receives(unsigned half) { return has(half, CR1, receiver); }
bool Sai::follows(unsigned half) { return has(half, CR1, slave) && (word_of(half, CR1) & SYNCEN) == synchronous; }

// FLVL counts in quarters; FREQ asks for words up to the threshold FTH (a transmitter) or from it on (a receiver).
uint32_t Sai::status(unsigned half) {
    const Half& mine = halves_[half];
    const size_t words = mine.fifo.size();
    const auto level = static_cast<uint32_t>(words == 0 ? 0 : words == fifo_words ? 5 : 1 + (words - 1) / 2);
    const uint32_t threshold = std::min<uint32_t>(word_of(half, CR2) & FTH, 4) * 2;      // words: 0, 2, 4, 6, 8
    const bool asks = receives(half) ? words >= std::max<uint32_t>(threshold, 1) : words == 0 || words < threshold;
    return mine.flags | level << level_at | (asks ? uint32_t{FREQ} : 0u);
}

uint32_t Sai::read_register(uint32_t offset) {
    if (offset < half_at || offset >= PDMCR) return value(offset);
    const unsigned half = (offset - half_at) / half_step;
    switch ((offset - half_at) % half_step) {
    case CR1: return value(offset) | when(halves_[half].runs, SAIEN);
    case SR: return status(half);
    case DR: return read_data(half);
    default: return value(offset);
    }
}

uint32_t Sai::read_data(unsigned half) {
    Half& mine = halves_[half];
    if (receives(half) && !mine.fifo.empty()) {
        mine.last_word = mine.fifo.front();
        mine.fifo.pop_front();
        mine.counts.read();
        update_lines();
    }
    return mine.last_word;
}

void Sai::write_register(uint32_t offset, uint32_t written) {
    if (offset < half_at || offset >= PDMCR) {
        if (offset < half_at && written != 0) not_modelled();
        return store(offset, written);
    }
    const unsigned half = (offset - half_at) / half_step;
    Half& mine = halves_[half];
    switch ((offset - half_at) % half_step) {
    case CR1: return write_control(half, written);
    case CLRFR:
        mine.flags &= ~(written & cleared_flags);
        break;
    case DR:
        if (!receives(half) && mine.fifo.size() < fifo_words) mine.fifo.push_back(written);
        break;
    case CR2:
        if ((written & COMP) != 0) not_modelled();
        if ((written & FFLUSH) != 0) mine.fifo.clear();
        [[fallthrough]];
    default: store(offset, written);
    }
    update_lines();
}

void Sai::write_control(unsigned half, uint32_t written) {
    const bool alien = (written & slave) != 0 && (written & SYNCEN) != synchronous;
    if ((written & PRTCFG) != 0 || (alien && (written & SAIEN) != 0)) not_modelled();
    store(half_at + half * half_step + CR1, written);
    Half& mine = halves_[half];
    const bool is_clocked_now = mine.slot_event.is_scheduled() || (follows(half) && halves_[1 - half].runs);
    if ((written & SAIEN) == 0 && !is_clocked_now) mine.runs = false;      // no frame that could end
    if ((written & SAIEN) != 0 && !mine.runs) start(half);
    update_lines();
}

void Sai::update_lines() {
    bool waits = false;
    for (unsigned half = 0; half < halves_.size(); ++half) {
        const uint32_t now = status(half);
        waits = waits || (has(half, CR1, SAIEN) && (now & word_of(half, IM) & cleared_flags) != 0) ||
                (has(half, CR1, SAIEN) && (now & word_of(half, IM) & FREQ) != 0);
        halves_[half].request.set(has(half, CR1, DMAEN) && (now & FREQ) != 0);
    }
    irq_.set(waits);
}

void Sai::state(Archive& archive) {
    Peripheral::state(archive);
    archive(halves_, heard_, pdm_frame_, warned_clock_, warned_pdm_frame_, warned_pdm_clock_);
}

}  // namespace tinysim::stm32
