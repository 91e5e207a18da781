// SAI of the STM32F4 and STM32L4 (RM0090 29, RM0351 43; R) and, with the parameter plus, the clock divider of the L4+ (RM0432
// 53; R): two sub-blocks with a FIFO of 8 words, frames of up to 16 slots. sai.cc: registers, flags, FIFOs; sai_frames.cc:
// clock and slots; sai_pdm.cc: the PDM interface of the L4+'s SAI1 (parameter pdm). Outputs: IRQ, DmaA, DmaB (levels).
// A sub-block that follows the other (SYNCEN = 1) has its slots at its times. A receiver hears, in this order: the PDM interface
// (A alone), the part at the slot (sockets for words: n is slot n on SD_A, 16 + n on SD_B) or, with the parameter joined, when SD_A
// and SD_B are one wire, the other's words; else zeroes. Sockets for microphones: n is a left one on SD_Dn (its data valid at the
// rising edge of CK), 8 + n a right one. Parameters clockSelectionA, clockSelectionB: the fields of RCC; else the bus clock.
// Assumed: a slot's word is taken at its beginning and arrives at its end; SAIEN cleared reads 1 until the frame ends;
// as the kernel clock stops the slot under way ends and the next one waits.
// Not modelled (a gap when switched on): AC'97 and SPDIF, companding, synchronisation with another SAI, slaves with an outside
// clock; without a finding: mute detection, FS and SCK shapes, offsets within a slot, MCLK, three-state.
#pragma once

#include <array>
#include <deque>

#include "soc/stm32/peripheral.h"
#include "soc/stm32/sample_counts.h"

namespace tinysim::stm32 {

// Registers and bits, shared by the three files; offsets are from a sub-block's CR1.
namespace sai {
inline constexpr uint32_t half_at = 0x04, half_step = 0x20;
enum Offset : uint32_t { CR1 = 0x00, CR2 = 0x04, FRCR = 0x08, SLOTR = 0x0C, IM = 0x10, SR = 0x14, CLRFR = 0x18, DR = 0x1C };
enum Control1 : uint32_t {
    receiver = 1u << 0, slave = 1u << 1, PRTCFG = 3u << 2, LSBFIRST = 1u << 8, SYNCEN = 3u << 10, MONO = 1u << 12, SAIEN = 1u << 16,
    DMAEN = 1u << 17, NODIV = 1u << 19, OSR = 1u << 26
};
inline constexpr uint32_t synchronous = 1u << 10;
inline constexpr unsigned size_at = 5, divider_at = 20, slot_size_at = 6, slots_at = 8, enabled_at = 16, level_at = 16;
enum Control2 : uint32_t { FTH = 7, FFLUSH = 1u << 3, MUTE = 1u << 5, COMP = 3u << 14 };
inline constexpr unsigned data_bits[] = {8, 8, 8, 10, 16, 20, 24, 32}, slot_bits[] = {0, 16, 32, 32};  // by DS and SLOTSZ; 0: as DS
inline constexpr uint32_t second_wire = 16;             // its place 0 among the sockets for words
enum Global : uint32_t { PDMCR = 0x44, PDMDLY = 0x48 };
enum PdmControl : uint32_t { PDMEN = 1u << 0, CKEN = 3u << 8 };
inline constexpr unsigned pairs_at = 4;                 // MICNBR
enum Status : uint32_t { OVRUDR = 1u << 0, WCKCFG = 1u << 2, FREQ = 1u << 3 };
}  // namespace sai

class Sai : public Peripheral {
public:
    explicit Sai(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    Sockets<PdmSource>* pdm_sockets() override { return has_pdm_ ? &microphones_ : nullptr; }
    Sockets<WordSource>* word_sockets() override { return &sources_; }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    struct Half {
        Half(Sai& owner, unsigned number);
        void state(Archive& archive) {
            archive(slot_event, request, fifo, flags, frame_at, word, last_word, slot, runs, warned_lost);
        }

        SampleCounts counts;            // of a receiver
        Event slot_event;
        Line request;
        std::deque<uint32_t> fifo;
        uint32_t flags = 0;             // of SR, until CLRFR
        Tick frame_at = 0;              // the frame under way began
        uint32_t word = 0, last_word = 0;       // on the wire; read last
        unsigned slot = 0;
        bool runs = false, warned_lost = false;
    };

    // ---- sai.cc ----
    uint32_t& word_of(unsigned half, uint32_t offset);
    bool has(unsigned half, uint32_t offset, uint32_t bits) { return (word_of(half, offset) & bits) != 0; }
    bool receives(unsigned half);
    bool follows(unsigned half);        // the other sub-block's clock
    uint32_t status(unsigned half);
    uint32_t read_data(unsigned half);
    void write_control(unsigned half, uint32_t written);
    void update_lines();

    // ---- sai_frames.cc ----
    Tick frame_ticks(unsigned half);
    Tick slot_end(unsigned half, unsigned slot);
    void start(unsigned half);
    void begin_slot(unsigned half);
    void follow_clock(unsigned half);
    void on_slot(unsigned half, Tick late);
    void end_slot(unsigned half);
    void take_word(unsigned half);
    void lose(unsigned half, const char* text);
    bool is_active(unsigned half);
    uint32_t in_bit_order(unsigned half, uint32_t word);
    uint32_t hear(unsigned half);

    // ---- sai_pdm.cc ----
    bool hears_microphones(unsigned half) { return half == 0 && has_pdm_ && (value(sai::PDMCR) & sai::PDMEN) != 0; }
    void start_pdm();
    void take_pdm_frame();
    uint32_t pdm_word();

    const bool plus_, joined_, has_pdm_;
    const uint32_t selections_[2];
    Sockets<PdmSource> microphones_;
    Sockets<WordSource> sources_;
    std::array<Half, 2> halves_;
    std::array<uint32_t, 8> heard_{};   // the microphones' last bits, the newest lowest: M1L, M1R, M2L, ...
    uint64_t pdm_frame_ = 0;            // their bytes in the frame under way, the first bit highest
    bool warned_clock_ = false, warned_pdm_frame_ = false, warned_pdm_clock_ = false;
};

}  // namespace tinysim::stm32
