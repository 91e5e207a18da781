// A DFSDM of an L4 with a microphone on channel 2. At 4 MHz (MSI) and CKOUTDIV 3 a bit is 4 clocks: 1 MHz.
#pragma once

#include "soc/stm32/dfsdm.h"
#include "stm32l4_bench.h"

namespace bench::dfsdm {

using namespace bench;
using namespace bench::stm32l4;
using namespace tinysim::stm32::dfsdm;

inline constexpr Tick bit = 4 * at_4_mhz;
inline constexpr uint32_t flt(unsigned n) { return filters_at + n * filter_step; }
inline constexpr uint32_t fcr(uint32_t order, uint32_t oversampling, uint32_t integration) {
    return order << order_at | (oversampling - 1) << oversampling_at | (integration - 1);
}

struct Ones : tinysim::PdmSource {
    uint64_t word = ~uint64_t{0};
    Tick last_from = 0;
    uint64_t bits(Tick from, Tick, unsigned) override { return last_from = from, word; }
};

struct Digital : L4Chip {
    tinysim::stm32::Dfsdm dfsdm{construction("dfsdm1", {{"gate", 0x6018}}, {{"rcc", &rcc}})};
    Ones ones;

    Digital() {
        rcc_set(APB2ENR, 1 << 24);
        dfsdm.pdm_sockets()->attach(2, ones);
        set(0x20 * 2 + CFGR1, CHEN | clock_of_ckout);
        set(CFGR1, DFSDMEN | 3 << ckout_divider_at);
    }
    uint32_t get(uint32_t offset) { return dfsdm.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { dfsdm.write(offset, value, 4); }
    int32_t data(unsigned filter = 0) { return static_cast<int32_t>(get(flt(filter) + RDATAR)) >> 8; }
    uint32_t flags(unsigned filter = 0) { return get(flt(filter) + ISR) & 0xFFFF; }
    void start(uint32_t setting, uint32_t control) {
        set(flt(0) + FCR, setting);
        set(flt(0) + CR1, DFEN | 2u << regular_channel_at | control);
        set(flt(0) + CR1, DFEN | 2u << regular_channel_at | control | RSWSTART);
    }
};

}  // namespace bench::dfsdm
