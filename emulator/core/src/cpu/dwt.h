// DWT: CYCCNT, the five profiling counters, PCSR. DDI 0403 C1.8. Not modelled: comparators (kept, and reported as gaps),
// event packets (a profiling counter wraps in silence), PC sampling.
#pragma once

#include <array>
#include <cstdint>

#include "tinysim/archive.h"

namespace tinysim {

struct Cpu;

class Dwt {
public:
    Dwt(Cpu& cpu, bool counts_in_sleep) : cpu_(cpu), counts_in_sleep_(counts_in_sleep) {}
    void state(Archive& archive) { archive(is_traced_, control_, cycle_offset_, kept_cycles_, counters_, comparators_); }

    // `cycles_left` dates the access inside the running slice. False: not modelled.
    bool read(uint32_t offset, int32_t cycles_left, uint32_t& value) const;
    bool write(uint32_t offset, uint32_t value, int32_t cycles_left);
    void set_trace(bool is_traced, int32_t cycles_left);      // DEMCR.TRCENA; the counters stand still without

    // CPICNT, LSUCNT or FOLDCNT runs: the core must tell each instruction. Cycles above one per instruction; 1: folded.
    bool counts_events() const { return (running() & (cpievtena | lsuevtena | foldevtena)) != 0; }
    void count(int32_t cpi_extra, int32_t lsu_extra, int32_t folded) {
        add(cpievtena, cpicnt, cpi_extra);
        add(lsuevtena, lsucnt, lsu_extra);
        add(foldevtena, foldcnt, folded);
    }
    void count_exception(int64_t cycles) { add(excevtena, exccnt, cycles); }
    void count_sleep(int64_t cycles) { add(sleepevtena, sleepcnt, cycles); }

    // Around a change of the CPU's clock while CYCCNT counts time: between slices.
    void before_clock_change();
    void after_clock_change();

private:
    enum Control : uint32_t {
        cyccntena = 1u << 0, cpievtena = 1u << 17, excevtena = 1u << 18, sleepevtena = 1u << 19, lsuevtena = 1u << 20,
        foldevtena = 1u << 21,
    };
    enum Counter : unsigned { cpicnt, exccnt, sleepcnt, lsucnt, foldcnt };       // in the order of their addresses

    uint32_t running() const { return is_traced_ ? control_ : 0; }
    void add(uint32_t enable, Counter counter, int64_t cycles) {
        if ((running() & enable) != 0) counters_[counter] = static_cast<uint8_t>(counters_[counter] + cycles);
    }
    uint32_t cycles(int32_t cycles_left) const;
    void set_cycles(uint32_t value, int32_t cycles_left);
    void write_control(uint32_t value, int32_t cycles_left);
    int64_t clock(int32_t cycles_left) const;

    Cpu& cpu_;
    const bool counts_in_sleep_;
    bool is_traced_ = false;
    uint32_t control_ = 0;
    uint32_t cycle_offset_ = 0;              // CYCCNT, less the clock while it counts
    uint32_t kept_cycles_ = 0;               // over a change of the clock
    std::array<uint8_t, 5> counters_{};
    std::array<uint32_t, 32> comparators_{};
};

}  // namespace tinysim
