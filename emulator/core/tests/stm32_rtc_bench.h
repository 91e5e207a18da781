// The bench for the STM32's RTC: a chip with LSI as RTCCLK, and the RTC of either family with its writes open.
#pragma once

#include "soc/stm32/rtc.h"
#include "stm32_bench.h"

namespace bench::stm32 {

enum Registers : uint32_t {
    TR = 0x00, DR = 0x04, CR_ = 0x08, ISR = 0x0C, PRER = 0x10, WUTR = 0x14, CALIBR = 0x18, ALRMAR = 0x1C, WPR = 0x24, SSR = 0x28,
    SHIFTR = 0x2C, TSTR = 0x30, CALR = 0x3C, TAFCR = 0x40, ALRMASSR = 0x44, BKP0R = 0x50
};
inline constexpr uint32_t INIT = 1u << 7, INITF = 1u << 6, RSF = 1u << 5, ALRAF = 1u << 8, WUTF = 1u << 10, TSF = 1u << 11,
                          TSOVF = 1u << 12, FMT = 1u << 6, ALRAE = 1u << 8, WUTE = 1u << 10, TSE = 1u << 11, ALRAIE = 1u << 12,
                          WUTIE = 1u << 14, ADD1H = 1u << 16, SUB1H = 1u << 17, BYPSHAD = 1u << 5, any_field = 0x80808080;
inline constexpr uint32_t rtc_on_lsi = 2u << 8 | 1u << 15, rtc_reset = 1u << 16;
inline constexpr Tick lsi = second / 32'000;

// LSI as RTCCLK, 125 * 256 cycles of it a second, writes open.
template <class Block>
struct RtcChip : ClockedChip {
    Block rtc{construction("rtc", {}, {{"rcc", &rcc}})};
    RtcChip() {
        rcc_set(CSR, 1);
        run_for(15 * microsecond);
        rcc_set(BDCR, rtc_on_lsi);
        set(WPR, 0xCA);
        set(WPR, 0x53);
    }
    uint32_t get(uint32_t offset) { return rtc.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { rtc.write(offset, value, 4); }
    void begin_init() {
        set(ISR, get(ISR) | INIT);
        run_for(2 * lsi);
    }
    void end_init() { set(ISR, get(ISR) & ~INIT); }
    // The calendar stands at this time and begins its second now.
    void start(uint32_t time, uint32_t date, uint32_t control = 0) {
        begin_init();
        set(CR_, control);
        set(PRER, 124 << 16 | 255);
        set(TR, time);
        set(DR, date);
        end_init();
        run_for(4 * lsi);
    }
    uint32_t time() {
        const uint32_t value = get(TR);
        get(DR);
        return value;
    }
    void run_seconds(int64_t count) { run_for(count * second); }
};
using Clock = RtcChip<tinysim::stm32::Rtc>;
using L4Clock = RtcChip<tinysim::stm32::L4Rtc>;

}  // namespace bench::stm32
