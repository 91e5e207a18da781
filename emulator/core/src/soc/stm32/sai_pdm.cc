// The PDM interface of SAI_A on the L4+ (RM0432 53.4.10, R; the order of bytes: RM0440, figures 617 to 619): up to four pairs of
// microphones on one clock, CK = SCK / (2 * pairs), so that a frame of 16 * pairs bits is 8 clocks. The bits of a frame, each
// microphone's behind its delay, are the bytes of the next one: M1L, M1R, M2L, ... with the first bit highest. Assumed: the first
// frame holds zeroes; a left microphone is taken at the rising edge; CKEN1 and CKEN2 give all microphones their clock. A frame of
// another length (a warning) begins with those bytes and ends with zeroes.
#include "soc/stm32/bit_order.h"
#include "soc/stm32/sai.h"

namespace tinysim::stm32 {

using namespace sai;

namespace {
constexpr unsigned bits_per_frame = 8, right_microphones_at = 8, frame_bits_kept = 64;
}  // namespace

void Sai::start_pdm() {
    heard_ = {};
    pdm_frame_ = 0;
    const uint32_t control = value(PDMCR), wanted = 16 * ((control >> pairs_at & 3) + 1);
    const bool masters = receives(0) && !has(0, CR1, slave);
    if (!masters || (word_of(0, FRCR) & 0xFF) + 1 != wanted)
        warn_once(warned_pdm_frame_, "the PDM interface needs block A as a master that receives frames of 16 * (PDMCR.MICNBR + 1) bits");
    if ((control & CKEN) == 0) warn_once(warned_pdm_clock_, "the PDM interface runs without a clock for microphones (PDMCR.CKEN1, CKEN2)");
}

void Sai::take_pdm_frame() {
    const uint32_t control = value(PDMCR), delays = value(PDMDLY);
    const unsigned count = 2 * ((control >> pairs_at & 3) + 1);
    const Tick from = halves_[0].frame_at, period = frame_ticks(0) / ((word_of(0, FRCR) & 0xFF) + 1) * count;
    pdm_frame_ = 0;
    for (unsigned i = 0; i < count; ++i) {
        const bool right = (i & 1) != 0;
        PdmSource* microphone = (control & CKEN) == 0 ? nullptr : microphones_.find(1 + i / 2 + (right ? right_microphones_at : 0));
        const uint64_t bits = microphone == nullptr ? 0 : microphone->bits(from + (right ? period / 2 : 0), period, bits_per_frame);
        heard_[i] = heard_[i] << bits_per_frame | reversed(bits, bits_per_frame);
        pdm_frame_ = pdm_frame_ << bits_per_frame | (heard_[i] >> (delays >> (4 * i) & 7) & 0xFF);
    }
    pdm_frame_ <<= frame_bits_kept - bits_per_frame * count;
}

uint32_t Sai::pdm_word() {
    const unsigned data = data_bits[word_of(0, CR1) >> size_at & 7], own = slot_bits[word_of(0, SLOTR) >> slot_size_at & 3];
    const unsigned first = halves_[0].slot * (own == 0 ? data : own);
    return first >= frame_bits_kept ? 0 : static_cast<uint32_t>(pdm_frame_ << first >> (frame_bits_kept - data));
}

}  // namespace tinysim::stm32
