// Registers of the STM32F4 DMA controller (RM0090 10.5): offsets, bits, and what SxCR and SxFCR say together.
#pragma once

#include <bit>
#include <cstdint>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::dma {

inline constexpr unsigned stream_count = 8, channel_count = 8;

enum Offset : uint32_t { LISR = 0x00, HISR = 0x04, LIFCR = 0x08, HIFCR = 0x0C, S0CR = 0x10 };
inline constexpr uint32_t stream_bytes = 0x18;
enum StreamOffset : uint32_t { CR = 0x00, NDTR = 0x04, PAR = 0x08, M0AR = 0x0C, M1AR = 0x10, FCR = 0x14 };

// SxCR
inline constexpr uint32_t EN = 1 << 0, DMEIE = 1 << 1, TEIE = 1 << 2, HTIE = 1 << 3, TCIE = 1 << 4, PFCTRL = 1 << 5,
                          CIRC = 1 << 8, PINC = 1 << 9, MINC = 1 << 10, PINCOS = 1 << 15, DBM = 1 << 18, CT = 1 << 19;
inline constexpr unsigned DIR_at = 6, PSIZE_at = 11, MSIZE_at = 13, PL_at = 16, PBURST_at = 21, MBURST_at = 23, CHSEL_at = 25;
inline constexpr uint32_t cr_writable = 0x0FEF'FFFF;
inline constexpr uint32_t cr_free = EN | DMEIE | TEIE | HTIE | TCIE;        // can be written while the stream is enabled
// SxFCR
inline constexpr uint32_t FEIE = 1 << 7, DMDIS = 1 << 2, FTH = 3, fcr_reset = 0x21, fcr_writable = FEIE | DMDIS | FTH;
inline constexpr unsigned FS_at = 3;
// One stream's six bits in LISR and HISR.
enum Flag : uint8_t { FEIF = 1 << 0, DMEIF = 1 << 2, TEIF = 1 << 3, HTIF = 1 << 4, TCIF = 1 << 5 };
inline constexpr uint32_t all_flags = FEIF | DMEIF | TEIF | HTIF | TCIF;
inline constexpr uint32_t isr_bits = 0x0F7D'0F7D;

RegisterTable register_table();

inline constexpr unsigned flag_shift(unsigned stream) { return (stream & 1) * 6 + (stream & 2) * 8; }

// The streams whose bits are set, lowest first.
class streams_of {
public:
    explicit streams_of(unsigned bits) : bits_(bits) {}
    class Iterator {
    public:
        explicit Iterator(unsigned left) : left_(left) {}
        unsigned operator*() const { return static_cast<unsigned>(std::countr_zero(left_)); }
        Iterator& operator++() {
            left_ &= left_ - 1;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return left_ != other.left_; }

    private:
        unsigned left_;
    };
    Iterator begin() const { return Iterator(bits_); }
    Iterator end() const { return Iterator(0); }

private:
    const unsigned bits_;
};

enum class Direction : uint8_t { peripheral_to_memory, memory_to_peripheral, memory_to_memory, reserved };

// What a stream does while it is enabled: its registers with what the hardware forces on them (10.3.8 to 10.3.14).
struct Setup {
    Direction direction = Direction::peripheral_to_memory;
    uint32_t peripheral_bytes = 1, memory_bytes = 1;        // of one beat
    uint32_t peripheral_beats = 1, memory_beats = 1;        // of one burst
    uint32_t peripheral_step = 0, memory_step = 0;          // bytes from beat to beat
    uint32_t threshold_bytes = 0;
    uint8_t priority = 0, channel = 0;
    bool direct = true, circular = false, double_buffer = false, peripheral_flow = false;

    bool to_memory() const { return direction != Direction::memory_to_peripheral; }
    bool memory_to_memory() const { return direction == Direction::memory_to_memory; }
    bool copies_words() const {
        return memory_to_memory() && peripheral_bytes == 4 && memory_bytes == 4 && peripheral_beats == 1 && memory_beats == 1 &&
               !direct && !circular && !double_buffer && !peripheral_flow;
    }
};

// The registers as the hardware changes them when EN is set, and what they then mean.
uint32_t forced_cr(uint32_t cr, uint32_t fcr);
uint32_t forced_fcr(uint32_t cr, uint32_t fcr);
Setup setup_of(uint32_t cr, uint32_t fcr);
bool fits_fifo(const Setup& setup);         // bursts against threshold and FIFO (table 48)

}  // namespace tinysim::stm32::dma
