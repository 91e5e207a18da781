// The bench for the STM32F4's ADC: three of them with their common block, constant voltages on channels 1 to 3.
// At 16 MHz and ADCPRE 0 an ADC cycle is two clocks: 8 MHz.
#pragma once

#include "soc/stm32/adc.h"
#include "soc/stm32/adc_common.h"
#include "stm32_bench.h"

namespace bench::stm32::analog {

inline constexpr Tick cycle = 2 * at_16_mhz;
inline constexpr Tick first = 2 * cycle, one = 15 * cycle;        // latency; 3 cycles of sampling and 12 of conversion
enum Offset : uint32_t { SR = 0x00, CR1 = 0x04, CR2 = 0x08, SMPR2 = 0x10, JOFR1 = 0x14, HTR = 0x24, LTR = 0x28, SQR1 = 0x2C, SQR3 = 0x34,
                         JSQR = 0x38, JDR1 = 0x3C, DR = 0x4C, CCR = 0x4, CDR = 0x8 };
enum Bits : uint32_t { AWD = 1, EOC = 2, JEOC = 4, JSTRT = 8, STRT = 16, OVR = 32, SCAN = 1 << 8, JAUTO = 1 << 10, DISCEN = 1 << 11,
                       JDISCEN = 1 << 12, ADON = 1, CONT = 2, DMA = 1 << 8, DDS = 1 << 9, EOCS = 1 << 10, ALIGN = 1 << 11,
                       JSWSTART = 1 << 22, SWSTART = 1 << 30 };

// A constant that remembers when it was asked.
struct Level : tinysim::AnalogSource {
    explicit Level(int32_t millivolts) : start(millivolts * 1000) {}
    int32_t microvolts(Tick at) override { return last_at = at, start; }
    int32_t start;
    Tick last_at = 0;
};

struct Analog : ClockedChip {
    tinysim::stm32::AdcCommon common{construction("adcCommon", {{"blockReset", 0x4408}}, {{"rcc", &rcc}})};
    tinysim::stm32::Adc adc1{member(1)}, adc2{member(2)}, adc3{member(3)};
    Level at_1{1000}, at_2{2000}, at_3{3000};

    tinysim::Construction member(int64_t number) {
        return construction("adc" + std::to_string(number),
                            {{"number", number}, {"gate", 0x4407 + number}, {"temperatureChannel", 16}, {"referenceChannel", 17}},
                            {{"rcc", &rcc}, {"common", &common}});
    }
    Analog() {
        rcc_set(APB2ENR, 7 << 8);
        for (auto* each : {&adc1, &adc2, &adc3}) {
            each->analog_sockets()->attach(1, at_1);
            each->analog_sockets()->attach(2, at_2);
            each->analog_sockets()->attach(3, at_3);
            each->write(CR2, ADON, 4);
        }
        run_for(10 * microsecond);
        start_at = scheduler.now();
    }
    uint32_t get(uint32_t offset) { return adc1.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { adc1.write(offset, value, 4); }
    void sequence(uint32_t a, uint32_t b, uint32_t c) {
        set(CR1, get(CR1) | SCAN);
        set(SQR1, 2 << 20);
        set(SQR3, a | b << 5 | c << 10);
    }
    void at(Tick ticks) { run_to(start_at + ticks); }
    uint32_t flags() { return get(SR); }
    Tick start_at = 0;
};

inline constexpr uint32_t code(uint32_t millivolts) { return (millivolts * 4096 + 1650) / 3300; }

}  // namespace bench::stm32::analog
