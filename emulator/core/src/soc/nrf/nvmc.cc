#include "soc/nrf/nvmc.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace tinysim::nrf {

namespace {
constexpr uint32_t ready_offset = 0x400, readynext_offset = 0x408, config_offset = 0x504,
                   erasepage_offset = 0x508, eraseall_offset = 0x50C, erasepcr0_offset = 0x510,
                   eraseuicr_offset = 0x514, erasepagepartial_offset = 0x518,
                   erasepagepartialcfg_offset = 0x51C, icachecnf_offset = 0x540,
                   ihit_offset = 0x548, imiss_offset = 0x54C;
constexpr uint32_t read_only = 0, write_enabled = 1, erase_enabled = 2;
constexpr uint32_t partial_duration_after_reset_ms = 10;
constexpr uint32_t icachecnf_mask = 0x101;

Memory* flash_of(const Construction& construction) {
    auto named = construction.texts.find("flash");
    return construction.system.memory(named == construction.texts.end() ? "flash" : named->second);
}

Memory* uicr_of(const Construction& construction) {
    Node* node = construction.node("uicr");
    return node != nullptr ? node->memory() : nullptr;
}

std::unique_ptr<NrfFlash> timing_of(const Construction& construction) {
    const NrfFlashParameters parameters = nrf_flash_parameters(construction.chip);
    const std::string problem = check(parameters);
    if (!problem.empty()) throw std::invalid_argument(problem);
    const Memory* flash = flash_of(construction);
    return std::make_unique<NrfFlash>(parameters, flash != nullptr ? flash->size() : 0);
}
}  // namespace

Nvmc::Nvmc(const Construction& construction)
    : Peripheral(construction), system_(construction.system), flash_(flash_of(construction)),
      uicr_(uicr_of(construction)), timing_(timing_of(construction)),
      page_bytes_(static_cast<uint32_t>(construction.chip_number("flash_page_bytes", 4096))),
      write_ticks_(ticks_of_us(construction.chip_number("flash_write_us", 41))),
      erase_page_ticks_(ticks_of_us(construction.chip_number("flash_erase_page_us", 85'000))),
      erase_all_ticks_(ticks_of_us(construction.chip_number("flash_erase_all_us", 169'000))) {
    for (Memory* each : {flash_, uicr_}) {
        if (each == nullptr) continue;
        each->on_store = [this, each](uint32_t offset, uint32_t value, unsigned bytes) {
            return store(*each, offset, value, bytes);
        };
    }
    if (flash_ != nullptr) {
        flash_->timing = timing_.get();
        partly_erased_ticks_.assign(flash_->size() / page_bytes_, 0);
    }
    Nvmc::reset();
}

void Nvmc::reset() {  // the arrays keep what they hold
    Peripheral::reset();
    config_ = read_only;
    icachecnf_ = 0;
    cache_enabled_.set(false);
    configure_timing();
    timing_->invalidate();
    timing_->hits = timing_->misses = 0;
    partial_duration_ms_ = partial_duration_after_reset_ms;
    busy_until_ticks_ = 0;
    last_was_write_ = false;
}

void Nvmc::configure_timing() {
    timing_->configure((icachecnf_ & 1) != 0, (icachecnf_ & 0x100) != 0, config_ != read_only);
}

bool Nvmc::is_ready_for_next() const {
    return !is_busy() || (last_was_write_ && busy_until_ticks_ - scheduler_.now() <= write_ticks_);
}

uint32_t Nvmc::read_register(uint32_t offset) {
    switch (offset) {
    case ready_offset: return is_busy() ? 0 : 1;
    case readynext_offset: return is_ready_for_next() ? 1 : 0;
    case config_offset: return config_;
    case erasepage_offset:
    case eraseall_offset:
    case erasepcr0_offset:
    case eraseuicr_offset:
    case erasepagepartial_offset: return 0;
    case erasepagepartialcfg_offset: return partial_duration_ms_;
    case icachecnf_offset: return icachecnf_;
    case ihit_offset: return timing_->hits;
    case imiss_offset: return timing_->misses;
    default: not_modelled(); return 0;
    }
}

void Nvmc::write_register(uint32_t offset, uint32_t value) {
    switch (offset) {
    case config_offset: config_ = value & 3; return configure_timing();
    case erasepage_offset:
    case erasepcr0_offset: return erase_page(value);
    case eraseall_offset:
        if ((value & 1) == 0 || !may_erase("ERASEALL")) return;
        for (Memory* each : {flash_, uicr_})
            if (each != nullptr) erase(*each, 0, each->size());
        return occupy(erase_all_ticks_, false);
    case eraseuicr_offset:
        if ((value & 1) == 0 || !may_erase("ERASEUICR")) return;
        if (uicr_ == nullptr) return not_modelled();
        erase(*uicr_, 0, uicr_->size());
        return occupy(erase_page_ticks_, false);
    case erasepagepartial_offset: return erase_page_partially(value);
    case erasepagepartialcfg_offset: partial_duration_ms_ = value & 0x7F; return;
    case icachecnf_offset:
        icachecnf_ = value & icachecnf_mask;
        configure_timing();
        return cache_enabled_.set((value & 1) != 0);
    case ihit_offset: timing_->hits = value; return;
    case imiss_offset: timing_->misses = value; return;
    default: not_modelled(); return;
    }
}

bool Nvmc::store(Memory& memory, uint32_t offset, uint32_t value, unsigned bytes) {
    if (bytes != 4 || offset % 4 != 0 || config_ != write_enabled || offset + 4 > memory.size())
        return false;
    uint32_t word = 0;
    std::memcpy(&word, memory.data() + offset, 4);
    word &= value;
    occupy(write_ticks_, true);
    if (&memory == flash_) partly_erased_ticks_[offset / page_bytes_] = 0;
    memory.write(offset, reinterpret_cast<const uint8_t*>(&word), 4);
    return true;
}

// A write into a busy array waits on the bus until the array can take it, wherever the code runs.
void Nvmc::occupy(Tick duration_ticks, bool is_write) {
    const Tick now = scheduler_.now();
    const bool queues = is_write && is_ready_for_next();
    const Tick start = std::max(now, busy_until_ticks_);
    if (!queues) system_.stall_cpu_until(start);
    busy_until_ticks_ = start + duration_ticks;
    last_was_write_ = is_write;
    if (flash_ != nullptr && system_.fetches_from(*flash_))
        system_.stall_cpu_until(busy_until_ticks_);
}

bool Nvmc::may_erase(const char* register_name) {
    if (config_ == erase_enabled) return true;
    if (!warned_)
        recorder_.warn(name_ + ": " + register_name + " written while CONFIG is not Een: ignored");
    warned_ = true;
    return false;
}

bool Nvmc::is_in_flash(uint32_t address) const {
    return flash_ != nullptr && address < flash_->size();
}

void Nvmc::erase_page(uint32_t address) {
    if (!may_erase("ERASEPAGE")) return;
    if (!is_in_flash(address)) return not_modelled();
    erase(*flash_, address / page_bytes_ * page_bytes_, page_bytes_);
    occupy(erase_page_ticks_, false);
}

void Nvmc::erase_page_partially(uint32_t address) {
    if (!may_erase("ERASEPAGEPARTIAL")) return;
    if (!is_in_flash(address)) return not_modelled();
    const uint32_t page = address / page_bytes_;
    const Tick step_ticks = ticks_of_us(int64_t{partial_duration_ms_} * 1000);
    partly_erased_ticks_[page] += step_ticks;
    if (partly_erased_ticks_[page] >= erase_page_ticks_)
        erase(*flash_, page * page_bytes_, page_bytes_);
    occupy(step_ticks, false);
}

void Nvmc::erase(Memory& memory, uint32_t offset, uint32_t count) {
    std::fill_n(memory.data() + offset, count, uint8_t{0xFF});
    memory.changed(offset, count);
    if (&memory != flash_) return;
    for (uint32_t page = offset / page_bytes_; page < (offset + count) / page_bytes_; ++page)
        partly_erased_ticks_[page] = 0;
}

void Nvmc::state(Archive& archive) {
    Peripheral::state(archive);
    archive(partly_erased_ticks_, config_, icachecnf_, partial_duration_ms_, busy_until_ticks_,
            last_was_write_, warned_, cache_enabled_);
    if (archive.is_reading()) configure_timing();
    archive(*timing_);
}

}  // namespace tinysim::nrf
