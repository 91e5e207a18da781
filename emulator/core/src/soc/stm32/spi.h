// SPI of the STM32F4 (8 or 16 bits, one frame of buffer; RM0090 28) and, with the parameter fifo, of the STM32L4 (4 to 16
// bits, two FIFOs of four bytes; RM0351 42); with the parameter i2s also I2S (RM0090 28.4). spi.cc: registers, flags, requests;
// spi_frames.cc: frames in clocks of the bus / BR, CRC; spi_i2s.cc: I2S. Outputs beside IRQ: DmaReceive, DmaTransmit (levels;
// DMAReceive, DMASend in Renode), Nss (low while selected). Inputs: 0 the NSS pin; 1 the DMA's signal that
// one item is left to send, behind which the CRC goes and of which LDMA_TX takes one byte; 2 the same of what is received
// (LDMA_RX). Parts stand on the wire; a reference
// `master` puts this block, as a slave, on another's wire; a reference `companionOf` makes it the I2Sxext of another. Socket 0
// of I2S: a PDM microphone on SD.
// Assumed: an empty shift register takes DR at once; RXNE and the end of BSY come with the end of the last clock period; a
// slave's frame is taken as a whole at its end, with what DR holds then; SPE cleared within a frame drops it unless the master
// only receives; CRCNEXT falls when the CRC begins; an I2S master without data stops its clock; the clock's edges fit.
// Not modelled (a gap when switched on): TI mode (FRF, FRE), the asynchronous start of I2S; without a
// finding: the pins, MCK, Renode's series (a block without `fifo` is the F4's).
#pragma once

#include <deque>

#include "soc/stm32/peripheral.h"
#include "soc/stm32/sample_counts.h"

namespace tinysim::stm32 {

class Spi : public Peripheral, private SpiTarget {
public:
    explicit Spi(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    SpiWire* spi() override { return &wire_; }
    Sockets<PdmSource>* pdm_sockets() override { return has_i2s_ ? &microphones_ : nullptr; }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_clock_changed() override;

private:
    // ---- spi.cc ----
    bool has(uint32_t offset, uint32_t bits) const { return (value(offset) & bits) != 0; }
    uint32_t status() const;
    uint32_t read_sr();
    uint32_t read_dr();
    void write_cr1(uint32_t written);
    void write_cr2(uint32_t written);
    void write_dr(uint32_t written);
    void write_i2s(uint32_t offset, uint32_t written);
    void enable();
    void disable();
    void check_mode_fault();
    void update_lines();

    // ---- spi_frames.cc ----
    bool is_selected() const override;
    uint16_t exchange(uint16_t out, unsigned bits) override;
    unsigned frame_bits() const;
    unsigned crc_bits() const;
    size_t units_per_frame() const { return fifo_ && frame_bits() > 8 ? 2 : 1; }
    size_t depth() const { return fifo_ ? 4 : 1; }
    bool only_receives() const;         // a master whose clock runs on its own
    bool hears() const;                 // not the sending half of a bidirectional line
    Tick bit_ticks() const;
    void run(Tick from);                // the master's next frame, if there is one
    void on_frame(Tick late);
    uint16_t next_frame();              // that goes out, CRC included
    void frame_done(uint16_t in);
    uint16_t take(std::deque<uint16_t>& queue, size_t units);
    bool deliver(uint16_t in, size_t units);
    uint16_t check(uint16_t so_far, uint16_t frame) const;
    void begin_check();

    // ---- spi_i2s.cc ----
    bool is_i2s() const;
    bool i2s_sends() const;
    bool i2s_masters() const;
    unsigned words_per_channel() const;
    Tick word_ticks() const;
    Tick i2s_bit_ticks() const;
    void run_i2s(Tick from);
    void on_word(Tick from, Tick at);
    uint16_t exchange_word(uint16_t in);
    bool on_right_channel() const;
    uint16_t next_word();
    void word_heard(uint16_t in);
    uint16_t word_on_line(uint16_t out, Tick from);
    void begin_i2s();

    const bool fifo_, has_i2s_;
    SpiWire wire_;
    Sockets<PdmSource> microphones_;
    Spi* companion_ = nullptr;          // I2Sxext of this block
    bool is_companion_ = false;
    SampleCounts counts_;               // of I2S
    Event frame_event_;
    Line receive_request_, transmit_request_, nss_;
    std::deque<uint16_t> transmit_, receive_;       // units: frames, with fifo bytes
    uint32_t flags_ = 0;                // errors of SR
    uint16_t shift_ = 0, last_read_ = 0;
    Tick began_ = 0;                    // the frame under way
    unsigned shift_bits_ = 0;
    bool shifting_ = false, closing_ = false, nss_pin_ = true;
    bool crc_frame_ = false, crc_over_ = false;     // the frame under way is the CRC; the next one begins a new check
    bool last_item_ = false;            // the next write of DR is the DMA's last
    bool last_received_ = false;        // the next read of DR is, and takes one byte
    bool overrun_read_ = false, fault_seen_ = false;        // the first steps of the sequences that clear OVR and MODF
    uint8_t sent_words_ = 0, heard_words_ = 0;              // of an I2S frame, 0 is the left channel's first
    bool warned_overrun_ = false, warned_clock_ = false, warned_cut_ = false, warned_fault_ = false, warned_full_ = false,
         warned_size_ = false, warned_divider_ = false, warned_dry_ = false;
};

}  // namespace tinysim::stm32
