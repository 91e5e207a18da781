#include "timing/stm32_flash.h"

#include <algorithm>
#include <bit>

namespace tinysim {

namespace {

struct Name {
    const char* name;
    int64_t Stm32FlashParameters::*value;
};
constexpr Name names[] = {
    {"flash_read_bytes", &Stm32FlashParameters::read_bytes},
    {"flash_line_bytes", &Stm32FlashParameters::line_bytes},
    {"flash_icache_lines", &Stm32FlashParameters::icache_lines},
    {"flash_dcache_lines", &Stm32FlashParameters::dcache_lines},
    {"flash_port_shared", &Stm32FlashParameters::port_shared},
    {"flash_data_buffer", &Stm32FlashParameters::data_buffer},
    {"flash_prefetch_on_hit", &Stm32FlashParameters::prefetch_on_hit},
    {"flash_refill_whole_line", &Stm32FlashParameters::refill_whole_line},
    {"flash_critical_word_first", &Stm32FlashParameters::critical_word_first},
    {"flash_refill_beat_cycles", &Stm32FlashParameters::refill_beat_cycles},
};

CacheShape fully_associative(int64_t lines, uint32_t parts) {
    return {static_cast<uint32_t>(lines), static_cast<uint32_t>(lines), parts};
}
uint32_t shift_of(int64_t bytes) { return static_cast<uint32_t>(std::countr_zero(static_cast<uint64_t>(bytes))); }

// How much longer than no wait state at all.
int32_t wait_for(Cycle ready, Cycle at) { return static_cast<int32_t>(std::max<Cycle>(0, ready - at - 1)); }

}  // namespace

Stm32FlashParameters with_chip_numbers(Stm32FlashParameters parameters, const ChipNumbers& chip) {
    for (const auto& [name, value] : names) {
        const auto found = chip.find(name);
        if (found != chip.end()) parameters.*value = found->second;
    }
    return parameters;
}

std::string check(const Stm32FlashParameters& parameters) {
    const auto is_power = [](int64_t value, int64_t low, int64_t high) {
        return value >= low && value <= high && std::has_single_bit(static_cast<uint64_t>(value));
    };
    if (!is_power(parameters.read_bytes, 4, 64)) return "flash_read_bytes must be a power of two from 4 to 64";
    if (!is_power(parameters.line_bytes, parameters.read_bytes, 16 * parameters.read_bytes))
        return "flash_line_bytes must be a power of two from 1 to 16 times flash_read_bytes";
    for (const auto& [name, lines] : {std::pair{"flash_icache_lines", parameters.icache_lines},
                                      std::pair{"flash_dcache_lines", parameters.dcache_lines}})
        if (lines < 1 || lines > 4096) return std::string(name) + " must be from 1 to 4096";
    if (parameters.refill_beat_cycles < 0 || parameters.refill_beat_cycles > 64)
        return "flash_refill_beat_cycles must be from 0 to 64";
    return "";
}

Stm32Flash::Stm32Flash(const Stm32FlashParameters& parameters, uint32_t memory_bytes)
    : parameters_(parameters), read_shift_(shift_of(parameters.read_bytes)),
      parts_per_line_(static_cast<uint32_t>(parameters.line_bytes / parameters.read_bytes)),
      memory_parts_(memory_bytes >> read_shift_), port_(parameters.port_shared != 0),
      icache_(fully_associative(parameters.icache_lines, parts_per_line_), memory_parts_),
      dcache_(fully_associative(parameters.dcache_lines, parts_per_line_), memory_parts_) {}

FlashWait Stm32Flash::fetch(uint32_t offset, Cycle at) {
    note_touched();
    const uint32_t part = offset >> read_shift_;
    begin_due_prefetch(at);
    if (part == current_.part) {
        current_asked_ = at;
        const int32_t cycles = wait_for(current_.ready, at);
        return {cycles, 0, cycles == 0};
    }
    if (is_there(prefetch_, part)) return use_prefetched(part, at);
    prefetch_.part = prefetch_.has_begun ? prefetch_.part : nothing;        // the code went elsewhere
    if (access_.icache && icache_.holds(part)) {
        icache_.use(part);
        current_ = {part, ready_in(ifill_, part)};
        current_asked_ = at;
        if (parameters_.prefetch_on_hit != 0) plan_prefetch(part + 1, at);
        const int32_t cycles = wait_for(current_.ready, at);
        return {cycles, 0, cycles == 0};
    }
    const FlashWait wait = miss(FlashSide::fetch, part, at, current_);
    current_asked_ = at;
    plan_prefetch(part + 1, at);
    return wait;
}

FlashWait Stm32Flash::use_prefetched(uint32_t part, Cycle at) {
    current_ = {part, prefetch_.ready};
    current_asked_ = at;
    prefetch_.part = nothing;
    if (access_.icache) icache_.put(part);
    plan_prefetch(part + 1, at);
    const int32_t cycles = wait_for(current_.ready, at);
    return {cycles, 0, cycles == 0};
}

FlashWait Stm32Flash::read(uint32_t offset, Cycle at) {
    note_touched();
    note_read();
    const uint32_t part = offset >> read_shift_;
    begin_due_prefetch(at);
    if (access_.dcache && dcache_.use_if_held(part)) {
        data_ = {part, ready_in(dfill_, part)};
        const int32_t cycles = wait_for(data_.ready, at);
        return {cycles, 0, cycles == 0};
    }
    if (parameters_.data_buffer != 0 && data_.part == part) {
        const int32_t cycles = wait_for(data_.ready, at);
        return {cycles, 0, cycles == 0};
    }
    return miss(FlashSide::data, part, at, data_);
}

FlashWait Stm32Flash::miss(FlashSide side, uint32_t part, Cycle at, Buffer& buffer) {
    const bool is_fetch = side == FlashSide::fetch;
    const bool is_cached = is_fetch ? access_.icache : access_.dcache;
    const uint32_t parts = is_cached && parameters_.refill_whole_line != 0 ? parts_per_line_ : 1;
    const int64_t own_beat = parameters_.refill_beat_cycles;
    const int32_t beat = own_beat != 0 ? static_cast<int32_t>(own_beat) : read_cycles();
    const auto turn = port_.take(side, at, read_cycles() + static_cast<int32_t>(parts - 1) * beat);
    FlashWait wait{0, turn.behind_other, false};
    if (turn.pushed != 0) push_fetch(turn.pushed, wait);

    const bool from_start = parts > 1 && parameters_.critical_word_first == 0;
    Fill& fill = is_fetch ? ifill_ : dfill_;
    fill = {from_start ? part / parts * parts : part, parts, turn.start + read_cycles(), beat};
    if (!is_fetch) readable.free_from = last_ready(fill) - 1;
    buffer = {part, ready_in(fill, part)};
    wait.cycles = wait_for(buffer.ready, at);
    LineCache& cache = is_fetch ? icache_ : dcache_;
    if (is_cached && parts > 1) cache.put_line(part);
    else if (is_cached) cache.put(part);
    return wait;
}

// When a part of the line came that was filled last; all others came long ago.
Cycle Stm32Flash::ready_in(const Fill& fill, uint32_t part) const {
    if (fill.first_part == nothing || (part ^ fill.first_part) >= fill.parts) return 0;       // `parts` is a power of two
    const uint32_t place = (part - fill.first_part) & (fill.parts - 1);
    return fill.ready + static_cast<Cycle>(place) * fill.beat_cycles;
}

// A data read went first: the last read of the fetch side comes later, and with it all that waits for its data.
void Stm32Flash::push_fetch(int32_t cycles, FlashWait& wait) {
    const Cycle end = port_.free_from(FlashSide::fetch), before = end - cycles;
    if (ifill_.first_part != nothing && last_ready(ifill_) == before) ifill_.ready += cycles;
    if (prefetch_.part != nothing && prefetch_.has_begun && prefetch_.ready == before) prefetch_.ready += cycles;
    if (current_.ready <= before - read_cycles()) return;           // the fetch had an earlier read
    const Cycle told = std::max(current_.ready, current_asked_ + 1);
    current_.ready += cycles;
    wait.delays_fetch = static_cast<int32_t>(std::max<Cycle>(0, current_.ready - told));
}

// A prefetch takes the port when it is free and nobody asked before.
void Stm32Flash::begin_due_prefetch(Cycle at) {
    if (prefetch_.part == nothing || prefetch_.has_begun) return;
    if (std::max(prefetch_.wanted, port_.free_from(FlashSide::fetch)) >= at) return;
    prefetch_.ready = port_.take(FlashSide::fetch, prefetch_.wanted, read_cycles()).start + read_cycles();
    prefetch_.has_begun = true;
}

void Stm32Flash::plan_prefetch(uint32_t part, Cycle at) {
    if (!access_.prefetch || part >= memory_parts_ || is_there(prefetch_, part)) return;
    if (access_.icache && icache_.holds(part)) return;
    prefetch_ = {part, at, 0, false};
}

bool Stm32Flash::would_prefetch(uint32_t part) const {
    return access_.prefetch && part != current_.part && part + 1 < memory_parts_ && !icache_.holds(part + 1) &&
           !is_there(prefetch_, part + 1);
}

bool Stm32Flash::touch(uint32_t offset) {
    note_touched();
    const uint32_t part = offset >> read_shift_;
    if (!access_.icache || (parameters_.prefetch_on_hit != 0 && would_prefetch(part))) return false;
    if (!icache_.use_if_held(part)) return false;
    current_.part = part;
    current_.ready = 0;
    return true;
}

bool Stm32Flash::is_quiet(Cycle at) const {
    if (prefetch_.part == nothing || prefetch_.has_begun) return port_.is_free(at);
    return std::max(prefetch_.wanted, port_.free_from(FlashSide::fetch)) + read_cycles() <= at;
}

std::string Stm32Flash::describe() const {
    const auto cache = [this](const char* name, int64_t lines, bool on) {
        return std::string(", ") + name + "-cache " + std::to_string(lines) + " x " + std::to_string(parameters_.line_bytes) +
               " bytes " + (on ? "on" : "off");
    };
    return std::to_string(access_.latency) + " wait states, prefetch " + (access_.prefetch ? "on" : "off") +
           cache("I", parameters_.icache_lines, access_.icache) + cache("D", parameters_.dcache_lines, access_.dcache);
}

void Stm32Flash::invalidate() {
    note_touched();
    note_read();
    icache_.clear();
    dcache_.clear();
    current_ = data_ = {};
    prefetch_ = {};
    ifill_ = dfill_ = {};
}

void Stm32Flash::restart() {
    note_touched();
    note_read();
    port_.restart();
    if (!prefetch_.has_begun) prefetch_.part = nothing;
    prefetch_.ready = prefetch_.wanted = 0;
    current_.ready = data_.ready = current_asked_ = readable.free_from = 0;
    ifill_ = dfill_ = {};
}

void Stm32Flash::state(Archive& archive) {
    note_touched();
    note_read();
    archive(port_, icache_, dcache_, current_, data_, current_asked_, prefetch_, ifill_, dfill_);
    if (archive.is_reading()) readable.free_from = last_ready(dfill_);
}

}  // namespace tinysim
