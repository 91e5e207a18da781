#include "soc/stm32/rcc.h"

namespace tinysim::stm32 {

using namespace rcc_f4;

Rcc::Rcc(const Construction& construction)
    : Peripheral(construction, series_of(construction.number("series", 407)).table, Bridge::ahb),
      series_(series_of(construction.number("series", 407))), system_(construction.system),
      flash_(dynamic_cast<ClockListener*>(construction.node("flash"))),
      hsi_hz_(construction.chip_number("hsi_hz", 16'000'000)), hse_hz_(construction.number("hseFrequency", 0)),
      lsi_hz_(construction.chip_number("lsi_hz", 32'000)), lse_hz_(construction.number("lseFrequency", 0)),
      hclk_most_hz_(construction.chip_number("hclk_most_hz", 168'000'000)),
      pclk1_most_hz_(construction.chip_number("pclk1_most_hz", 42'000'000)),
      pclk2_most_hz_(construction.chip_number("pclk2_most_hz", 84'000'000)),
      hsi_osc_(scheduler_, name_ + ".hsi", startup_ticks(construction, "hsi_startup_ns", 2'200), [this] { on_ready(2); }),
      hse_osc_(scheduler_, name_ + ".hse", startup_ticks(construction, "hse_startup_ns", 2'000'000), [this] { on_ready(3); }),
      lsi_osc_(scheduler_, name_ + ".lsi", startup_ticks(construction, "lsi_startup_ns", 15'000), [this] { on_ready(0); }),
      lse_osc_(scheduler_, name_ + ".lse", startup_ticks(construction, "lse_startup_ns", 2'000'000'000), [this] { on_ready(1); }),
      pll_osc_(scheduler_, name_ + ".pll", startup_ticks(construction, "pll_lock_ns", 100'000), [this] { on_ready(4); }),
      plli2s_osc_(scheduler_, name_ + ".plli2s", startup_ticks(construction, "pll_lock_ns", 100'000), [this] { on_ready(5); }),
      pllsai_osc_(scheduler_, name_ + ".pllsai", startup_ticks(construction, "pll_lock_ns", 100'000), [this] { on_ready(6); }),
      output_levels_{recorder_.name_level(name_ + ".MCO1"), recorder_.name_level(name_ + ".MCO2")}, reset_causes_(power_on_causes) {
    Rcc::reset();
}

// Standby sets no flag here, its own stands in PWR, and LSI goes on for RTC and IWDG.
void Rcc::note_reset(uint32_t cause) {
    keeps_lsi_ = is_standby(cause);
    if (!keeps_lsi_) reset_causes_ |= pin_reset | (cause == 0 ? software_reset : cause);
}

void Rcc::reset() {
    const uint32_t kept = std::exchange(keeps_lsi_, false) ? value(CSR) & lsi_on : 0;
    Peripheral::reset();
    value(CSR) |= kept;
    if (kept == 0) lsi_osc_.stop();
    for (Oscillator* each : {&hse_osc_, &pll_osc_, &plli2s_osc_, &pllsai_osc_}) each->stop();
    stopped_ = asleep_ = false;
    hsi_osc_.set_running();
    system_source_ = hsi;
    flags_ = 0;
    hclk_ticks_ = cpu_ticks_ = 0;         // so that all are told
    update_tree();
}

std::optional<Line::Sink> Rcc::input(unsigned number) {
    if (number == 0) return [this](bool failed) { on_hse_failure(failed); };
    if (number == 2) return [this](bool pulled) { pulled ? system_.reset_system(pin_reset) : void(); };
    if (number != 1) return std::nullopt;
    backup_writable_ = false;
    return [this](bool writable) { backup_writable_ = writable; };
}

uint32_t Rcc::read_register(uint32_t offset) {
    switch (offset) {
    case CR: return read_cr();
    case CFGR: return value(CFGR) | static_cast<uint32_t>(system_source_) << 2;
    case CIR: return value(CIR) | flags_;
    case BDCR: return backup_ | (lse_osc_.is_ready() ? 2 : 0);
    case CSR: return value(CSR) & lsi_on ? reset_causes_ | lsi_on | (lsi_osc_.is_ready() ? 2 : 0) : reset_causes_;
    default: return value(offset);
    }
}

void Rcc::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR: return write_cr(written);
    case PLLCFGR: return write_pll(written);
    case CFGR: return write_cfgr(written);
    case CIR: return write_cir(written);
    case BDCR: return write_bdcr(written);
    case CSR: return write_csr(written);
    case PLLI2SCFGR:
        if ((value(CR) & plli2s_on) == 0) store(PLLI2SCFGR, written);
        return;
    case PLLSAICFGR:
        if ((value(CR) & pllsai_on) == 0) store(PLLSAICFGR, written);
        return;
    case DCKCFGR:
    case DCKCFGR2:
        store(offset, written);
        update_tree();
        return tell();                    // a kernel clock may be another
    default:
        if (offset >= AHB1LPENR && offset <= APB2LPENR) return write_low_power(offset, written);
        if (offset >= AHB1RSTR && offset <= APB2RSTR) return write_resets(offset, written);
        if (offset >= AHB1ENR && offset <= APB2ENR) return write_gates(offset, written);
        return store(offset, written);
    }
}

uint32_t Rcc::read_cr() const {
    return value(CR) | (hsi_osc_.is_ready() ? hsi_on << 1 : 0) | (hse_osc_.is_ready() ? hse_on << 1 : 0) |
           (pll_osc_.is_ready() ? pll_on << 1 : 0) | (plli2s_osc_.is_ready() ? plli2s_on << 1 : 0) |
           (pllsai_osc_.is_ready() ? pllsai_on << 1 : 0);
}

// Locked while the PLL is on; what other PLLs share with it while one of them is (RM0090 6.3.2; R).
void Rcc::write_pll(uint32_t written) {
    if ((value(CR) & pll_on) != 0) return;
    const bool is_shared = (value(CR) & (plli2s_on | pllsai_on)) != 0;
    const uint32_t locked = !is_shared ? 0 : pll_from_hse | (series_.own_dividers ? 0 : pll_input_bits);
    store(PLLCFGR, (value(PLLCFGR) & locked) | (written & ~locked));
}

// A source that SYSCLK comes from, directly or through the PLL, cannot be switched off.
void Rcc::write_cr(uint32_t written) {
    if (system_source_ == hsi || (uses_pll() && pll_source() == hsi)) written |= hsi_on;
    if (system_source_ == hse || (uses_pll() && pll_source() == hse)) written |= hse_on;
    if (uses_pll()) written |= pll_on;
    store(CR, written);
    hsi_osc_.request((value(CR) & hsi_on) != 0);
    if ((value(CR) & hse_on) != 0 && hse_hz_ == 0)
        warn_once(warned_no_hse_, "HSEON is set, but the board has no HSE (hseFrequency): HSERDY never comes");
    hse_osc_.request((value(CR) & hse_on) != 0 && hse_hz_ != 0 && !hse_failed_);
    start_plls();
    update_tree();
    note_outputs();
}

void Rcc::write_cfgr(uint32_t written) {
    const uint32_t before = value(CFGR);
    store(CFGR, written);
    follow_switch();
    update_tree();
    if (((before ^ value(CFGR)) & i2s_from_pin) != 0) tell();
    note_outputs();
}

void Rcc::write_cir(uint32_t written) {
    store(CIR, written);
    flags_ &= ~(written >> 16);
    update_irq();
}

// RTCSEL is chosen once until a reset of the backup domain.
void Rcc::write_bdcr(uint32_t written) {
    if (!backup_writable_) return warn_once(warned_backup_, "BDCR is written while PWR_CR.DBP is 0: the write is lost");
    if ((written & backup_reset) != 0) reset_backup_domain();
    else backup_ = (written & backup_bits) | ((backup_ & rtc_selection) != 0 ? backup_ & rtc_selection : written & rtc_selection);
    backup_ = (backup_ & ~backup_reset) | (written & backup_reset);
    if ((backup_ & lse_on) != 0 && lse_hz_ == 0 && (backup_ & lse_bypass) == 0)
        warn_once(warned_no_lse_, "LSEON is set, but the board has no LSE (lseFrequency): LSERDY never comes");
    lse_osc_.request((backup_ & lse_on) != 0 && lse_hz_ != 0);
    update_tree();
}

void Rcc::reset_backup_domain() {
    backup_ = 0;
    lse_osc_.stop();
    update_tree();                        // RTCCLK has gone
    for (auto& each : backup_resets_) each();
}

void Rcc::write_csr(uint32_t written) {
    store(CSR, written);
    lsi_osc_.request((written & lsi_on) != 0);
    update_tree();
    if ((written & remove_flags) != 0) reset_causes_ = 0;
}

void Rcc::write_resets(uint32_t offset, uint32_t written) {
    const uint32_t before = value(offset);
    store(offset, written);
    const uint32_t risen = value(offset) & ~before;
    for (const BlockReset& each : block_resets_)
        if ((each.gate >> 8) == offset + reset_to_enable && (risen >> (each.gate & 31) & 1) != 0) each.run();
}

void Rcc::write_gates(uint32_t offset, uint32_t written) {
    const uint32_t before = value(offset);
    store(offset, written);
    if (value(offset) != before) tell();
}

void Rcc::write_low_power(uint32_t offset, uint32_t written) {
    const uint32_t before = value(offset);
    store(offset, written);
    if (offset != AHB1LPENR || (before & ~value(offset) & never_held) == 0) return;
    not_modelled();
    warn_once(warned_low_power_,
              "AHB1LPENR.DMAxLPEN, SRAMxLPEN or FLITFLPEN is cleared: not modelled, they keep their clock while the CPU sleeps");
}

uint32_t Rcc::held_bits(uint32_t low_power_offset) const {
    return cleared(low_power_offset) & ~(low_power_offset == AHB1LPENR ? never_held : 0);
}

bool Rcc::is_held(uint32_t gate) const { return asleep_ && (held_bits((gate >> 8) + enable_to_sleep) >> (gate & 31) & 1) != 0; }

void Rcc::sleep() {
    for (uint32_t offset = AHB1LPENR; offset <= APB2LPENR; offset += 4)
        asleep_ |= (value(offset - enable_to_sleep) & held_bits(offset)) != 0;
    if (asleep_) tell();
}

void Rcc::wake() {
    if (std::exchange(asleep_, false)) tell();
}

bool Rcc::is_open(uint32_t gate) const { return (value(gate >> 8) >> (gate & 31) & 1) != 0 && !is_held(gate); }

void Rcc::on_block_reset(uint32_t gate, std::function<void()> reset) { block_resets_.push_back({gate, std::move(reset)}); }

void Rcc::on_ready(unsigned flag) {
    if ((value(CIR) >> (8 + flag) & 1) != 0) flags_ |= 1u << flag;      // set only where its interrupt is enabled
    update_irq();
    start_plls();
    follow_switch();
    update_tree();
    tell();                               // PLLI2S or PLLSAI may have come
}

void Rcc::on_hse_failure(bool failed) {
    hse_failed_ = failed;
    if (!failed) return write_cr(value(CR));
    const bool guarded = (value(CR) & css_on) != 0 && hse_osc_.is_ready();
    hse_osc_.stop();
    if (pll_source() == hse)
        for (Oscillator* each : {&pll_osc_, &plli2s_osc_, &pllsai_osc_}) each->stop();
    if (!guarded) return recorder_.warn(name_ + ": the HSE has failed with CSS off: what runs from it stands still on a chip");
    hsi_osc_.set_running();
    value(CR) = (value(CR) & ~hse_on) | hsi_on;
    value(CFGR) &= ~3u;
    system_source_ = hsi;
    flags_ |= 1u << css_flag;
    system_.raise_nmi();
    update_tree();
}

void Rcc::update_irq() { irq_.set((flags_ & (value(CIR) >> 8) & ready_flags) != 0); }

void Rcc::state(Archive& archive) {
    Peripheral::state(archive);
    archive(hsi_osc_, hse_osc_, lsi_osc_, lse_osc_, pll_osc_, plli2s_osc_, pllsai_osc_, system_source_, hclk_ticks_, pclk1_ticks_,
            pclk2_ticks_, timers1_ticks_, timers2_ticks_, rtc_ticks_, pll48_ticks_, ready_, cpu_ticks_, flags_, reset_causes_, backup_,
            backup_writable_, hse_failed_, stopped_, keeps_lsi_, asleep_, output_hz_, warned_backup_, warned_no_hse_, warned_no_lse_, warned_pll_,
            warned_plli2s_, warned_pllsai_, warned_low_power_, warned_hclk_, warned_pclk1_,
            warned_pclk2_);
}

}  // namespace tinysim::stm32
