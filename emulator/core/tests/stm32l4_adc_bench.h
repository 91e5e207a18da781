// The bench for the STM32L4's ADC: two of them at 4 MHz, CKMODE 1, with a level on each of channels 1 to 3.
#pragma once

#include "soc/stm32/adc_common.h"
#include "soc/stm32/adc_l4.h"
#include "soc/stm32/adc_l4_registers.h"
#include "stm32l4_bench.h"

namespace bench::stm32l4 {

namespace r = tinysim::stm32::adc_l4;

inline constexpr Tick cycle = at_4_mhz, half = cycle / 2;
inline constexpr Tick first = 2 * cycle, one = 15 * cycle;        // 2.5 cycles of sampling, 12.5 of conversion
inline constexpr uint32_t CCR_at = 8, CDR_at = 12, from_bus = 1 << 16, is_on = r::ADVREGEN | r::ADEN;

struct Level : tinysim::AnalogSource {
    explicit Level(int32_t millivolts) : start(millivolts * 1000) {}
    int32_t microvolts(Tick at) override { return last_at = at, start; }
    int32_t start;
    Tick last_at = 0;
};

struct Analog : L4Chip {
    tinysim::stm32::L4AdcCommon common{construction("adcCommon", {{"gate", 0x4C0D}}, {{"rcc", &rcc}})};
    tinysim::stm32::L4Adc adc1{member(1)}, adc2{member(2)};
    Level at_1{1000}, at_2{2000}, at_3{3000};

    tinysim::Construction member(int64_t number) {
        return construction("adc" + std::to_string(number), {{"number", number}, {"gate", 0x4C0D}, {"clockSelection", 28}},
                            {{"rcc", &rcc}, {"common", &common}});
    }
    Analog() {
        rcc_set(0x4C, 1 << 13);
        common.write(CCR_at, from_bus, 4);
        for (auto* each : {&adc1, &adc2}) {
            each->analog_sockets()->attach(1, at_1);
            each->analog_sockets()->attach(2, at_2);
            each->analog_sockets()->attach(3, at_3);
        }
    }
    void go(tinysim::stm32::L4Adc& adc) {
        adc.write(r::CR, 0, 4);
        adc.write(r::CR, r::ADVREGEN, 4);
        run_for(20 * microsecond);
        adc.write(r::CR, is_on, 4);
        run_for(15 * cycle);
        adc.write(r::ISR, r::ADRDY, 4);
        start_at = scheduler.now();
    }
    uint32_t get(uint32_t offset) { return adc1.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { adc1.write(offset, value, 4); }
    void start(uint32_t bit = r::ADSTART) { set(r::CR, is_on | bit); }
    void at(Tick ticks) { run_to(start_at + ticks); }
    uint32_t flags() { return get(r::ISR) & ~uint32_t{r::EOSMP}; }
    Tick start_at = 0;
};

constexpr uint32_t code(uint32_t millivolts) { return (millivolts * 4096 + 1650) / 3300; }
constexpr uint32_t sq(uint32_t length, uint32_t a, uint32_t b = 0, uint32_t c = 0) { return (length - 1) | a << 6 | b << 12 | c << 18; }

}  // namespace bench::stm32l4
