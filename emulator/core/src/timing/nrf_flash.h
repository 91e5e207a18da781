// The flash of nRF52840: wait states, and the NVMC's instruction cache, which is on I-Code alone (Product Specification
// 4.1 CPU wait states, 4.3 NVMC); data reads are never cached. The cache's shape is not published: parameters.
// Not modelled: that a read waits while the array writes or erases (the NVMC halts the CPU as a whole).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tinysim/flash_timing.h"
#include "timing/line_cache.h"
#include "timing/read_port.h"

namespace tinysim {

// Of the chip's .toml, section [flash], by the same names.
struct NrfFlashParameters {
    int64_t flash_wait_states = 2;              // a fetch without cache
    int64_t flash_data_wait_states = 2;         // a data read
    int64_t flash_cache_miss_wait_states = 3;
    int64_t flash_cache_bytes = 2048, flash_cache_line_bytes = 16, flash_cache_ways = 2;
    int64_t flash_cache_refill_cycles = 0;      // the port is held so much longer than the first word takes
    int64_t flash_line_buffer_bytes = 0;        // without cache: fetches from the last read's bytes are free; 0: no buffer
    int64_t flash_port_shared = 1;              // a fetch and a data read meet at the array
};
NrfFlashParameters nrf_flash_parameters(const std::map<std::string, int64_t>& chip);
std::string check(const NrfFlashParameters& parameters);

class NrfFlash final : public FlashTiming {
public:
    NrfFlash(const NrfFlashParameters& parameters, uint32_t memory_bytes);

    // `is_held`: CONFIG is not Ren, which empties the cache and keeps it empty.
    void configure(bool cache, bool profiling, bool is_held);
    uint32_t hits = 0, misses = 0;              // IHIT, IMISS: counted while profiling

    FlashWait fetch(uint32_t offset, Cycle at) override;
    FlashWait read(uint32_t offset, Cycle at) override;
    bool touch(uint32_t offset) override;
    bool can_be_resident() const override { return cache_on_ && !held_; }
    bool wants_every_fetch() const override { return cache_on_ && profiling_; }
    bool is_quiet(Cycle at) const override { return port_.is_free(at) && readable.free_from <= at; }
    uint32_t line_bytes() const override { return uint32_t{1} << line_shift_; }
    std::string describe() const override;
    void invalidate() override;
    void restart() override;
    void state(Archive& archive) override;

private:
    static constexpr uint32_t nothing = 0xFFFFFFFF;
    // What was read since has had the port.
    void note_read() {
        if (readable.asked < 0) return;
        port_.take(FlashSide::data, readable.asked, readable.wait + 1);
        readable.asked = -1;
    }
    FlashWait array_read(FlashSide side, Cycle at, int64_t wait_states, int64_t more_cycles);
    FlashWait fetch_cached(uint32_t line, Cycle at);

    const NrfFlashParameters parameters_;
    const uint32_t line_shift_, buffer_shift_;
    bool cache_on_ = false, profiling_ = false, held_ = false;  // set again from ICACHECNF and CONFIG
    ReadPort port_;
    LineCache cache_;
    uint32_t filled_line_ = nothing;            // by the last miss
    Cycle filled_ready_ = 0, fetch_asked_ = 0, fetch_ready_ = 0;
    uint32_t buffered_ = nothing;               // what the line buffer holds
};

}  // namespace tinysim
