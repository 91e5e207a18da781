// The bench for STM32 timers: a clocked chip at 16 MHz, one timer, wires with a log of their edges in microseconds.
#pragma once

#include "soc/stm32/timer.h"
#include "stm32_bench.h"

namespace bench::stm32 {

enum Tim : uint32_t {
    TIM_CR1 = 0x00, TIM_CR2 = 0x04, SMCR = 0x08, DIER = 0x0C, SR = 0x10, EGR = 0x14, CCMR1 = 0x18, CCMR2 = 0x1C, CCER = 0x20, CNT = 0x24,
    PSC = 0x28, ARR = 0x2C, RCR = 0x30, CCR1 = 0x34, CCR2 = 0x38, CCR3 = 0x3C, CCR4 = 0x40, BDTR = 0x44, DCR = 0x48, DMAR = 0x4C, TIM_OR = 0x50
};
inline constexpr uint32_t cen = 1, uif = 1, cc1if = 2, cc2if = 4;

struct Timer {
    Timer(ClockedChip& chip, std::map<std::string, int64_t> numbers)
        : scheduler(chip.scheduler), device(chip.construction("timer", std::move(numbers), {{"rcc", &chip.rcc}})) {
        chip.rcc_set(APB1ENR, 0x1FF);
        chip.rcc_set(APB2ENR, 0x70003);
    }
    uint32_t get(uint32_t offset) { return device.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { device.write(offset, value, 4); }
    // Counts microseconds at 16 MHz.
    void start(uint32_t prescaler, uint32_t reload, uint32_t cr1 = cen) {
        set(PSC, prescaler);
        set(ARR, reload);
        set(EGR, 1);
        set(SR, 0);
        set(TIM_CR1, cr1);
    }
    void input(unsigned number, bool level) {
        if (!inputs[number]) inputs[number] = *device.input(number);
        inputs[number](level);
    }
    void pulse(unsigned number) {
        input(number, true);
        input(number, false);
    }

    tinysim::Scheduler& scheduler;
    tinysim::stm32::Timer device;
    std::map<unsigned, tinysim::Line::Sink> inputs;
};

// Edges of an output: +time for a rise, -time for a fall, in ticks of `unit`.
struct Probe {
    Probe(Timer& timer, const char* name, Tick unit = microsecond) {
        timer.device.output(name)->connect([this, &timer, unit](bool level) {
            const Tick at = timer.scheduler.moment() / unit;
            edges.push_back(level ? at : -at);
        });
    }
    long long operator[](size_t index) const { return index < edges.size() ? edges[index] : 999'999'999; }
    size_t size() const { return edges.size(); }
    std::vector<long long> edges;
};

inline std::map<std::string, int64_t> general() { return {{"gate", 0x4001}, {"initialLimit", 0xFFFF}}; }
inline std::map<std::string, int64_t> advanced() { return {{"gate", 0x4400}, {"initialLimit", 0xFFFF}, {"complements", 3}}; }

}  // namespace bench::stm32
