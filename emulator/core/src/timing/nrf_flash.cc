#include "timing/nrf_flash.h"

#include <algorithm>
#include <bit>

namespace tinysim {

namespace {

struct Name {
    const char* name;
    int64_t NrfFlashParameters::*value;
};
constexpr Name names[] = {
    {"flash_wait_states", &NrfFlashParameters::flash_wait_states},
    {"flash_data_wait_states", &NrfFlashParameters::flash_data_wait_states},
    {"flash_cache_miss_wait_states", &NrfFlashParameters::flash_cache_miss_wait_states},
    {"flash_cache_bytes", &NrfFlashParameters::flash_cache_bytes},
    {"flash_cache_line_bytes", &NrfFlashParameters::flash_cache_line_bytes},
    {"flash_cache_ways", &NrfFlashParameters::flash_cache_ways},
    {"flash_cache_refill_cycles", &NrfFlashParameters::flash_cache_refill_cycles},
    {"flash_line_buffer_bytes", &NrfFlashParameters::flash_line_buffer_bytes},
    {"flash_port_shared", &NrfFlashParameters::flash_port_shared},
};

CacheShape shape_of(const NrfFlashParameters& parameters) {
    return {static_cast<uint32_t>(parameters.flash_cache_bytes / parameters.flash_cache_line_bytes),
            static_cast<uint32_t>(parameters.flash_cache_ways), 1};
}
uint32_t shift_of(int64_t bytes) { return static_cast<uint32_t>(std::countr_zero(static_cast<uint64_t>(bytes))); }

int32_t wait_for(Cycle ready, Cycle at) { return static_cast<int32_t>(std::max<Cycle>(0, ready - at - 1)); }

}  // namespace

NrfFlashParameters nrf_flash_parameters(const std::map<std::string, int64_t>& chip) {
    NrfFlashParameters parameters;
    for (const auto& [name, value] : names) {
        const auto found = chip.find(name);
        if (found != chip.end()) parameters.*value = found->second;
    }
    return parameters;
}

std::string check(const NrfFlashParameters& parameters) {
    const auto is_power = [](int64_t value, int64_t low, int64_t high) {
        return value >= low && value <= high && std::has_single_bit(static_cast<uint64_t>(value));
    };
    if (!is_power(parameters.flash_cache_line_bytes, 4, 256))
        return "flash_cache_line_bytes must be a power of two from 4 to 256";
    if (!is_power(parameters.flash_cache_bytes, parameters.flash_cache_line_bytes, 65'536))
        return "flash_cache_bytes must be a power of two from flash_cache_line_bytes to 65536";
    if (!is_power(parameters.flash_cache_ways, 1, parameters.flash_cache_bytes / parameters.flash_cache_line_bytes))
        return "flash_cache_ways must be a power of two, at most the number of lines";
    if (parameters.flash_line_buffer_bytes != 0 && !is_power(parameters.flash_line_buffer_bytes, 4, 256))
        return "flash_line_buffer_bytes must be 0 or a power of two from 4 to 256";
    for (int64_t cycles : {parameters.flash_wait_states, parameters.flash_data_wait_states,
                           parameters.flash_cache_miss_wait_states, parameters.flash_cache_refill_cycles})
        if (cycles < 0 || cycles > 64) return "wait states of the flash must be from 0 to 64";
    return "";
}

NrfFlash::NrfFlash(const NrfFlashParameters& parameters, uint32_t memory_bytes)
    : parameters_(parameters), line_shift_(shift_of(parameters.flash_cache_line_bytes)),
      buffer_shift_(parameters.flash_line_buffer_bytes == 0 ? 0 : shift_of(parameters.flash_line_buffer_bytes)),
      port_(parameters.flash_port_shared != 0), cache_(shape_of(parameters), memory_bytes >> line_shift_) {
    readable.wait = static_cast<int32_t>(parameters.flash_data_wait_states);
}

void NrfFlash::configure(bool cache, bool profiling, bool is_held) {
    if (is_held || cache != cache_on_) invalidate();
    cache_on_ = cache;
    profiling_ = profiling;
    touchable.cache = cache_on_ && !profiling_ ? &cache_ : nullptr;
    touchable.shift = line_shift_;
    held_ = is_held;
}

FlashWait NrfFlash::fetch(uint32_t offset, Cycle at) {
    if (cache_on_) return fetch_cached(offset >> line_shift_, at);
    const uint32_t bytes = offset >> buffer_shift_;
    if (buffer_shift_ != 0 && buffered_ == bytes) {
        const int32_t cycles = wait_for(fetch_ready_, at);
        return {cycles, 0, cycles == 0};
    }
    buffered_ = bytes;
    return array_read(FlashSide::fetch, at, parameters_.flash_wait_states, 0);
}

FlashWait NrfFlash::fetch_cached(uint32_t line, Cycle at) {
    if (cache_.holds(line)) {
        cache_.use(line);
        if (profiling_) ++hits;
        const int32_t cycles = line == filled_line_ ? wait_for(filled_ready_, at) : 0;
        return {cycles, 0, cycles == 0};
    }
    if (profiling_) ++misses;
    const FlashWait wait = array_read(FlashSide::fetch, at, parameters_.flash_cache_miss_wait_states,
                                      parameters_.flash_cache_refill_cycles);
    if (held_) return wait;
    cache_.put(line);
    filled_line_ = line;
    filled_ready_ = fetch_ready_;
    return wait;
}

FlashWait NrfFlash::read(uint32_t, Cycle at) {
    return array_read(FlashSide::data, at, parameters_.flash_data_wait_states, 0);
}

FlashWait NrfFlash::array_read(FlashSide side, Cycle at, int64_t wait_states, int64_t more_cycles) {
    note_read();
    const auto turn = port_.take(side, at, static_cast<int32_t>(wait_states + 1 + more_cycles));
    readable.free_from = port_.free_from(FlashSide::data);
    const Cycle ready = turn.start + wait_states + 1;
    FlashWait wait{wait_for(ready, at), turn.behind_other, false};
    if (side == FlashSide::fetch) {
        fetch_asked_ = at;
        fetch_ready_ = ready;
    } else if (turn.pushed != 0) {
        const Cycle told = std::max(fetch_ready_, fetch_asked_ + 1);
        if (filled_ready_ == fetch_ready_) filled_ready_ += turn.pushed;
        fetch_ready_ += turn.pushed;
        wait.delays_fetch = static_cast<int32_t>(std::max<Cycle>(0, fetch_ready_ - told));
    }
    return wait;
}

bool NrfFlash::touch(uint32_t offset) {
    return cache_on_ && !profiling_ && cache_.use_if_held(offset >> line_shift_);
}

std::string NrfFlash::describe() const {
    const int64_t ways = parameters_.flash_cache_ways, line = parameters_.flash_cache_line_bytes;
    const int64_t fetch = cache_on_ ? parameters_.flash_cache_miss_wait_states : parameters_.flash_wait_states;
    return std::to_string(fetch) + " wait states " + (cache_on_ ? "at a cache miss, " : "for a fetch, ") +
           std::to_string(parameters_.flash_data_wait_states) + " for data, I-cache " + std::to_string(ways) + " ways x " +
           std::to_string(parameters_.flash_cache_bytes / line / ways) + " x " + std::to_string(line) + " bytes " +
           (!cache_on_ ? "off" : held_ ? "on, held empty" : "on");
}

void NrfFlash::invalidate() {
    cache_.clear();
    filled_line_ = buffered_ = nothing;
}

void NrfFlash::restart() {
    port_.restart();
    readable.asked = -1;
    readable.free_from = 0;
    filled_ready_ = fetch_asked_ = fetch_ready_ = 0;
}

void NrfFlash::state(Archive& archive) {
    note_read();
    archive(hits, misses, port_, cache_, filled_line_, filled_ready_, fetch_asked_, fetch_ready_, buffered_);
    if (archive.is_reading()) readable.free_from = port_.free_from(FlashSide::data);
}

}  // namespace tinysim
