// Registers of the STM32's timers: offsets, bits, and the table of each shape of timer. RM0090 17 to 20, RM0351 30 to 33.
// Where a chip's SVD and its manual disagree the manual's bits stand here (tests/conformance/*_register_exceptions.py).
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::tim {

enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, SMCR = 0x08, DIER = 0x0C, SR = 0x10, EGR = 0x14, CCMR1 = 0x18, CCMR2 = 0x1C, CCER = 0x20, CNT = 0x24,
    PSC = 0x28, ARR = 0x2C, RCR = 0x30, CCR1 = 0x34, CCR4 = 0x40, BDTR = 0x44, DCR = 0x48, DMAR = 0x4C, OR1 = 0x50, CCMR3 = 0x54,
    CCR5 = 0x58, CCR6 = 0x5C, OR2 = 0x60, OR3 = 0x64
};
enum Cr1 : uint32_t { cen = 1u << 0, udis = 1u << 1, urs = 1u << 2, opm = 1u << 3, dir = 1u << 4, cms = 3u << 5, arpe = 1u << 7,
                      uif_remap = 1u << 11 };
enum Cr2 : uint32_t { ccpc = 1u << 0, ccus = 1u << 2, ccds = 1u << 3, ti1s = 1u << 7 };
enum Smcr : uint32_t { ece = 1u << 14, etp = 1u << 15, sms_3 = 1u << 16 };
// SR, and EGR where an event has a bit; enables in DIER stand at the same places, DMA enables 8 above.
enum Flags : uint32_t { uf = 1u << 0, cc_flags = 0x1E, comf = 1u << 5, tf = 1u << 6, bf = 1u << 7, interrupts = 0xFF };
enum Bdtr : uint32_t { dtg = 0xFF, lock = 3u << 8, ossi = 1u << 10, ossr = 1u << 11, bke = 1u << 12, bkp = 1u << 13, aoe = 1u << 14,
                       moe = 1u << 15, bk2e = 1u << 24 };
enum Or2 : uint32_t { bkine = 1u << 0, bkdfbke = 1u << 8, bkinp = 1u << 9 };
enum class SlaveMode : uint8_t { disabled, encoder_1, encoder_2, encoder_3, reset, gated, trigger, external_clock, reset_trigger };
enum class OutputMode : uint8_t { frozen, active, inactive, toggle, force_inactive, force_active, pwm_1, pwm_2, retrigger_1,
                                  retrigger_2, combined_1 = 12, combined_2, asymmetric_1, asymmetric_2 };
inline constexpr unsigned most_channels = 6, pin_channels = 4;

// What the field of OR, or OR1, that chooses a channel's input stands for: four bits for each of its values.
struct Remap {
    explicit Remap(const Construction& construction);
    enum Source : uint32_t { pin, lsi, lse, not_modelled = 15 };
    uint32_t mask() const { return channel == 0 ? 0 : ((1u << bits) - 1) << position; }
    Source source(uint32_t options) const { return static_cast<Source>(sources >> 4 * ((options & mask()) >> position) & 15); }

    unsigned channel;                     // from 1 on; 0: none
    uint32_t position, bits, sources;
};

// `extended`: with what the STM32L4 has beyond the F4. `complements`: channels 1 to n have a second output, the timer BDTR and RCR.
struct Shape {
    explicit Shape(const Construction& construction);
    RegisterTable table() const;
    bool has_break() const { return complements != 0; }

    uint32_t limit;
    unsigned channels, complements;       // channels: those with pins; an extended advanced timer has two more inside
    bool extended;
    unsigned compares() const { return extended && complements == 3 ? most_channels : channels; }
};

inline uint32_t compare_register(unsigned channel) { return channel < pin_channels ? CCR1 + 4 * channel : CCR5 + 4 * (channel - pin_channels); }
inline uint32_t mode_register(unsigned channel) { return channel < 2 ? CCMR1 : channel < 4 ? CCMR2 : CCMR3; }
inline uint32_t compare_flag(unsigned channel) { return channel < pin_channels ? 2u << channel : 1u << (16 + channel - pin_channels); }
inline uint32_t overcapture_flag(unsigned channel) { return 1u << (9 + channel); }
inline uint32_t compare_request(unsigned channel) { return channel < pin_channels ? 1u << (9 + channel) : 0; }      // in DIER

}  // namespace tinysim::stm32::tim
