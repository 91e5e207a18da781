// Registers of the DFSDM (RM0351 24.7, 24.8): offsets within a channel and a filter, bits, and the table.
#pragma once

#include <array>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::dfsdm {

inline constexpr unsigned channels = 8, filters = 4;
inline constexpr uint32_t channel_step = 0x20, filters_at = 0x100, filter_step = 0x80;

enum ChannelOffset : uint32_t { CFGR1 = 0x00, CFGR2 = 0x04, AWSCDR = 0x08, WDATR = 0x0C, DATINR = 0x10, DLYR = 0x14 };
enum FilterOffset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, ISR = 0x08, ICR = 0x0C, JCHGR = 0x10, FCR = 0x14, JDATAR = 0x18, RDATAR = 0x1C,
    AWHTR = 0x20, AWLTR = 0x24, AWSR = 0x28, AWCFR = 0x2C, EXMAX = 0x30, EXMIN = 0x34, CNVTIMR = 0x38
};
enum Configuration1 : uint32_t {
    SITP = 3, SPICKSEL = 3u << 2, SCDEN = 1u << 5, CKABEN = 1u << 6, CHEN = 1u << 7, CHINSEL = 1u << 8, DATMPX = 3u << 12,
    DATPACK = 3u << 14, CKOUTSRC = 1u << 30, DFSDMEN = 1u << 31                // the last two, and CKOUTDIV, of channel 0
};
inline constexpr uint32_t clock_of_ckout = 1u << 2, data_of_cpu = 2u << 12, interleaved = 1u << 14, dual = 2u << 14;
inline constexpr unsigned ckout_divider_at = 16, shift_at = 3, offset_at = 8;
enum FilterControl1 : uint32_t {
    DFEN = 1u << 0, JSWSTART = 1u << 1, JSYNC = 1u << 3, JSCAN = 1u << 4, JDMAEN = 1u << 5, RSWSTART = 1u << 17,
    RCONT = 1u << 18, RSYNC = 1u << 19, RDMAEN = 1u << 21, FAST = 1u << 29, AWFSEL = 1u << 30
};
inline constexpr unsigned trigger_at = 8, trigger_edge_at = 13, regular_channel_at = 24, oversampling_at = 16, order_at = 29;
// The enables of CR2 stand where the flags do; the last two, and their flags, are of filter 0.
enum FilterControl2 : uint32_t { AWDIE = 1u << 4, SCDIE = 1u << 5, CKABIE = 1u << 6 };
enum Flags : uint32_t {
    JEOCF = 1, REOCF = 2, JOVRF = 4, ROVRF = 8, AWDF = 1u << 4, JCIP = 1u << 13, RCIP = 1u << 14, CKABF = 0xFFu << 16,
    SCDF = 0xFFu << 24
};
inline constexpr unsigned extremes_at = 8, watched_at = 16, absent_at = 16, short_at = 24;      // EXCH, AWDCH; CKABF, SCDF
inline constexpr unsigned high_at = 8, least_at = 0;                                           // AWHTF and AWLTF of AWSR
inline constexpr unsigned short_break_at = 12, watchdog_oversampling_at = 16, watchdog_order_at = 22;     // of AWSCDR
inline constexpr unsigned conversion_time_at = 4;
inline constexpr uint32_t no_maximum = 0x80000000, no_minimum = 0x7FFFFF00;
enum RegularData : uint32_t { RPEND = 1u << 4 };

inline constexpr size_t words = (filters_at + filters * filter_step) / 4;

constexpr std::array<Register, words> make_table(bool skips_pulses) {
    constexpr const char* channel_names[channels][6] = {
#define CHANNEL(n) {"CH" n "CFGR1", "CH" n "CFGR2", "CH" n "AWSCDR", "CH" n "WDATR", "CH" n "DATINR", "CH" n "DLYR"}
        CHANNEL("0"), CHANNEL("1"), CHANNEL("2"), CHANNEL("3"), CHANNEL("4"), CHANNEL("5"), CHANNEL("6"), CHANNEL("7"),
#undef CHANNEL
    };
    constexpr const char* filter_names[filters][15] = {
#define FILTER(n) {"FLT" n "CR1", "FLT" n "CR2", "FLT" n "ISR", "FLT" n "ICR", "FLT" n "JCHGR", "FLT" n "FCR", "FLT" n "JDATAR", \
         "FLT" n "RDATAR", "FLT" n "AWHTR", "FLT" n "AWLTR", "FLT" n "AWSR", "FLT" n "AWCFR", "FLT" n "EXMAX", "FLT" n "EXMIN", "FLT" n "CNVTIMR"}
        FILTER("0"), FILTER("1"), FILTER("2"), FILTER("3"),
#undef FILTER
    };
    constexpr Register channel[] = {{"", 0, 0xF1EF}, {"", 0, 0xFFFFFFF8}, {"", 0, 0xDFF0FF}, {"", 0, 0}, {"", 0, 0xFFFFFFFF}, {"", 0, 0}};
    constexpr Register filter[] = {
        {"", 0, 0x672C7F39}, {"", 0, 0xFFFF7F}, {"", 0, 0}, {"", 0, 0}, {"", 1, 0xFF}, {"", 0, 0xE3FF00FF}, {"", 0, 0}, {"", 0, 0},
        {"", 0, 0xFFFFFF0F}, {"", 0, 0xFFFFFF0F}, {"", 0, 0}, {"", 0, 0}, {"", no_maximum, 0}, {"", no_minimum, 0}, {"", 0, 0}};
    std::array<Register, words> table{};
    for (size_t n = 0; n < channels; ++n)
        for (size_t i = 0; i < (skips_pulses ? 6 : 5); ++i) {
            table[n * channel_step / 4 + i] = channel[i];
            table[n * channel_step / 4 + i].name = channel_names[n][i];
        }
    table[0].writable = 0xC0FFF1EF;
    for (size_t n = 0; n < filters; ++n)
        for (size_t i = 0; i < 15; ++i) {
            Register& place = table[(filters_at + n * filter_step) / 4 + i];
            place = filter[i];
            place.name = filter_names[n][i];
            if (i == 0 && !skips_pulses) place.writable &= ~0x1800u;       // JEXTSEL has three bits there
        }
    return table;
}
inline constexpr std::array<Register, words> table = make_table(false), pulse_table = make_table(true);

}  // namespace tinysim::stm32::dfsdm
