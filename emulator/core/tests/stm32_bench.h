// The bench for STM32 blocks: device_bench.h's tests with the tick of the STM32 chips, and an RCC with an 8 MHz HSE.
#pragma once

#include "device_bench.h"
#include "soc/stm32/rcc.h"

namespace bench::stm32 {

inline constexpr int64_t second = 4'032'000'000'000, microsecond = second / 1'000'000;
inline constexpr Tick at_16_mhz = second / 16'000'000, at_168_mhz = second / 168'000'000;

struct Requests : NoRequests {
    void reset_system(uint32_t wanted) override { ++resets, cause = wanted; }
    void set_cpu_period(Tick ticks) override { cpu_period = ticks; }
    int resets = 0;
    uint32_t cause = 0;
    Tick cpu_period = 0;
};

struct Chip {
    tinysim::Scheduler scheduler{second};
    tinysim::Recorder recorder{scheduler};
    Ram ram;
    Requests requests;
    tinysim::nrf::EventFabric fabric;

    tinysim::Construction construction(const std::string& name, std::map<std::string, int64_t> numbers = {},
                                       std::map<std::string, tinysim::Node*> nodes = {}) {
        return {.name = name, .numbers = std::move(numbers), .scheduler = scheduler, .recorder = recorder, .dma = ram,
                .system = requests, .fabric = fabric, .nodes = std::move(nodes)};
    }
    void run_to(Tick at) { scheduler.run_until(at); }
    void run_for(Tick ticks) { scheduler.run_until(scheduler.now() + ticks); }
};

enum Rcc : uint32_t {
    CR = 0x00, PLLCFGR = 0x04, CFGR = 0x08, CIR = 0x0C, AHB1RSTR = 0x10, APB1RSTR = 0x20, APB2RSTR = 0x24,
    AHB1ENR = 0x30, APB1ENR = 0x40, APB2ENR = 0x44, BDCR = 0x70, CSR = 0x74
};

// A chip with RCC; `device` is the block under test, with its registers.
struct ClockedChip : Chip {
    tinysim::stm32::Rcc rcc{construction("rcc", {{"hseFrequency", 8'000'000}})};

    uint32_t rcc_get(uint32_t offset) { return rcc.read(offset, 4); }
    void rcc_set(uint32_t offset, uint32_t value) { rcc.write(offset, value, 4); }
    void go_168_mhz() {
        rcc_set(CR, rcc_get(CR) | 1u << 16);
        run_for(2000 * microsecond);
        rcc_set(PLLCFGR, 8 | 336 << 6 | 1u << 22 | 7u << 24);
        rcc_set(CR, rcc_get(CR) | 1u << 24);
        run_for(100 * microsecond);
        rcc_set(CFGR, 5 << 10 | 4 << 13 | 2);
    }
};

}  // namespace bench::stm32
