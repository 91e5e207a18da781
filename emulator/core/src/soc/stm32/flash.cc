#include "soc/stm32/flash.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace tinysim::stm32 {

namespace {

constexpr uint32_t acr_latency = 0xF;

Memory* flash_of(const Construction& construction) {
    const auto named = construction.texts.find("flash");
    Memory* found = construction.system.memory(named == construction.texts.end() ? "flash" : named->second);
    if (found == nullptr) throw std::invalid_argument(construction.name + " finds no memory named flash: add `flash:` and its name");
    return found;
}

std::unique_ptr<Stm32Flash> timing_of(const Construction& construction, const Stm32FlashParameters& otherwise) {
    const Stm32FlashParameters parameters = with_chip_numbers(otherwise, construction.chip);
    const std::string problem = check(parameters);
    if (!problem.empty()) throw std::invalid_argument(problem);
    return std::make_unique<Stm32Flash>(parameters, flash_of(construction)->size());
}

std::vector<int64_t> limits_of(const Construction& construction, const std::string& prefix) {
    std::vector<int64_t> limits;
    for (;;) {
        const auto found = construction.chip.find(prefix + std::to_string(limits.size()));
        if (found == construction.chip.end()) return limits;
        limits.push_back(found->second);
    }
}

}  // namespace

FlashController::FlashController(const Construction& construction, RegisterTable table, const Offsets& offsets,
                                 const Stm32FlashParameters& timing)
    : Peripheral(construction, table, Bridge::ahb), system_(construction.system), flash_(flash_of(construction)),
      timing_(timing_of(construction, timing)),
      latency_bits_(static_cast<uint32_t>(construction.chip_number("flash_latency_bits", 3))), cr_lock_(0x45670123, 0xCDEF89AB),
      option_lock_(0x08192A3B, 0x4C5D6E7F), offsets_(offsets),
      range_1_max_hz_(limits_of(construction, "flash_max_hz_")),
      range_1_boost_max_hz_(limits_of(construction, "flash_boost_max_hz_")),
      range_2_max_hz_(limits_of(construction, "flash_range_2_max_hz_")),
      done_(construction.name + " done", 0, [this](Tick) { end_operation(); }) {
    flash_->timing = timing_.get();
    flash_->on_store = [this](uint32_t offset, uint32_t value, unsigned bytes) {
        if (is_busy()) system_.stall_cpu_until(busy_until_ticks_);
        return program(offset, value, bytes);
    };
    timing_->invalidate();
    configure_timing();
}

void FlashController::reset() {         // the array keeps what it holds
    Peripheral::reset();
    scheduler_.cancel(done_);
    busy_until_ticks_ = 0;
    cr_lock_.reset();
    option_lock_.reset();
    range_ = VoltageRange::range_1;
    timing_->invalidate();
    configure_timing();
}

// ---- banks ----

void FlashController::note_reset(uint32_t) { boot_2_.set(asks_for_bank_2() && can_start_from_bank_2()); }

std::optional<Line::Sink> FlashController::input(unsigned number) {
    if (number != 0) return std::nullopt;
    return [this](bool is_swapped) { swap_banks(is_swapped); };
}

bool FlashController::can_start_from_bank_2() const {
    if (bank_bytes() >= flash_->size()) return false;
    uint32_t stack = 0;
    std::memcpy(&stack, flash_->data() + place_of(bank_bytes()), sizeof stack);
    return stack >> 24 == 0x20 || stack >> 24 == 0x10;
}

uint32_t FlashController::place_of(uint32_t offset) const {
    if (!is_swapped_) return offset;
    return offset < bank_bytes() ? offset + bank_bytes() : offset - bank_bytes();
}

void FlashController::swap_banks(bool is_swapped) {
    if (is_swapped == is_swapped_ || 2 * bank_bytes() != flash_->size()) return;
    is_swapped_ = is_swapped;
    uint8_t* const first = flash_->data();
    std::swap_ranges(first, first + bank_bytes(), first + bank_bytes());
    flash_->changed(0, flash_->size());
    timing_->invalidate();
}

// ---- registers ----

uint32_t FlashController::read_register(uint32_t offset) {
    if (offset == offsets_.sr) return value(offset) | (is_busy() ? sr_bsy : 0);
    return value(offset);
}

void FlashController::write_register(uint32_t offset, uint32_t written) {
    if (offset == offsets_.acr) return write_acr(written);
    if (offset == offsets_.sr) return write_sr(written);
    if (offset == offsets_.keyr) {
        if (!cr_lock_.put(written)) refuse();
        else if (cr_lock_.is_open()) value(offsets_.cr) &= ~cr_lock;
        return;
    }
    if (offset == offsets_.cr) {
        if (is_busy()) system_.stall_cpu_until(busy_until_ticks_);      // RM0351 3.3.5: the bus waits
        return write_cr(written);
    }
    store(offset, written);
}

void FlashController::write_acr(uint32_t written) {
    const uint32_t no_latency = acr_latency >> latency_bits_ << latency_bits_;
    store(offsets_.acr, written & ~no_latency);
    if ((written & (acr_icrst | acr_icen)) == acr_icrst) timing_->reset_icache();
    if ((written & (acr_dcrst | acr_dcen)) == acr_dcrst) timing_->reset_dcache();
    configure_timing();
    check_clock(hclk_hz_);
}

void FlashController::write_sr(uint32_t written) {
    value(offsets_.sr) &= ~written;
    update_irq();
}

void FlashController::configure_timing() {
    const uint32_t acr = value(offsets_.acr);
    timing_->configure({.latency = static_cast<int32_t>(acr & acr_latency),
                        .prefetch = (acr & acr_prften) != 0,
                        .icache = (acr & acr_icen) != 0,
                        .dcache = (acr & acr_dcen) != 0});
}

// ---- wait states against the clock ----

const FlashController::Limits& FlashController::limits() const {
    if (range_ == VoltageRange::range_2) return range_2_max_hz_;
    const bool is_boost = range_ == VoltageRange::range_1_boost && !range_1_boost_max_hz_.empty();
    return is_boost ? range_1_boost_max_hz_ : range_1_max_hz_;
}

void FlashController::clock_changed(int64_t hclk_hz) {
    if (hclk_hz != hclk_hz_) timing_->restart();
    hclk_hz_ = hclk_hz;
    check_clock(hclk_hz);
}

void FlashController::voltage_range_changed(VoltageRange range) {
    range_ = range;
    check_clock(hclk_hz_);
}

void FlashController::check_clock(int64_t hclk_hz) {
    const Limits& max_hz = limits();
    const size_t latency = value(offsets_.acr) & acr_latency;
    if (max_hz.empty() || hclk_hz <= max_hz[std::min(latency, max_hz.size() - 1)]) return;
    const int64_t situation = (hclk_hz << 8) | static_cast<int64_t>(latency << 2) | static_cast<int64_t>(range_);
    constexpr size_t most_warnings = 16;            // a guest that changes its clock for ever is told no more
    if (warned_.size() == most_warnings || std::find(warned_.begin(), warned_.end(), situation) != warned_.end()) return;
    warned_.push_back(situation);
    const auto enough = std::find_if(max_hz.begin(), max_hz.end(), [&](int64_t hz) { return hclk_hz <= hz; });
    const std::string remedy = enough == max_hz.end() ? "no latency allows this clock in this voltage range"
        : "it takes LATENCY " + std::to_string(enough - max_hz.begin()) + ", set before the clock rises";
    recorder_.warn(name_ + ": HCLK is " + std::to_string(hclk_hz) + " Hz, but FLASH_ACR.LATENCY " + std::to_string(latency) +
                   " allows " + std::to_string(max_hz[std::min(latency, max_hz.size() - 1)]) +
                   " Hz: a chip would misread its flash; " + remedy);
}

// ---- operations ----

void FlashController::occupy(Tick duration_ticks) {
    busy_until_ticks_ = std::max(scheduler_.now(), busy_until_ticks_) + duration_ticks;
    scheduler_.at(done_, busy_until_ticks_);
    if (system_.fetches_from(*flash_)) system_.stall_cpu_until(busy_until_ticks_);
}

void FlashController::end_operation() {
    if ((value(offsets_.cr) & cr_eopie) != 0) value(offsets_.sr) |= sr_eop;
    value(offsets_.cr) &= ~(1u << 16);      // STRT
    on_done();
    update_irq();
}

void FlashController::fail(uint32_t sr_bits) {
    value(offsets_.sr) |= sr_bits;
    if ((value(offsets_.cr) & cr_errie) != 0) value(offsets_.sr) |= sr_operr;
    update_irq();
}

void FlashController::update_irq() {
    const uint32_t sr = value(offsets_.sr), cr = value(offsets_.cr);
    irq_.set(((sr & sr_eop) != 0 && (cr & cr_eopie) != 0) || ((sr & sr_operr) != 0 && (cr & cr_errie) != 0));
}

void FlashController::erase(uint32_t place, uint32_t count) {
    std::fill_n(flash_->data() + place, count, uint8_t{0xFF});
    flash_->changed(place, count);
}

void FlashController::and_into(uint32_t offset, uint32_t value, unsigned bytes) {
    uint32_t word = 0;
    std::memcpy(&word, flash_->data() + offset, bytes);
    word &= value;
    flash_->write(offset, reinterpret_cast<const uint8_t*>(&word), bytes);
}

bool FlashController::is_erased(uint32_t offset, uint32_t count) const {
    return std::all_of(flash_->data() + offset, flash_->data() + offset + count, [](uint8_t byte) { return byte == 0xFF; });
}

Tick FlashController::ticks_of_ns(int64_t ns) const {
    const int64_t seconds = ns / 1'000'000'000, rest = ns % 1'000'000'000, ticks = scheduler_.ticks_per_second();
    return seconds * ticks + rest / 1000 * ticks / 1'000'000 + rest % 1000 * ticks / 1'000'000'000;
}

void FlashController::state(Archive& archive) {
    Peripheral::state(archive);
    archive(cr_lock_, option_lock_, done_, boot_2_, is_swapped_, busy_until_ticks_, hclk_hz_, range_, warned_);
    if (archive.is_reading()) configure_timing();
    archive(*timing_);
}

}  // namespace tinysim::stm32
