#include "soc/stm32/rcc_l4.h"

#include "soc/stm32/rcc_l4_registers.h"

namespace tinysim::stm32 {

using namespace rcc_l4;

namespace {
bool is_plus(const Construction& construction) { return construction.number("plus", 0) != 0; }
}  // namespace

L4Rcc::L4Rcc(const Construction& construction)
    : Peripheral(construction, is_plus(construction) ? RegisterTable(l4_plus_table) : RegisterTable(l4_table), Bridge::ahb),
      system_(construction.system), flash_(dynamic_cast<ClockListener*>(construction.node("flash"))),
      plus_(is_plus(construction)), hsi_hz_(construction.chip_number("hsi_hz", 16'000'000)),
      hse_hz_(construction.number("hseFrequency", 0)), lsi_hz_(construction.chip_number("lsi_hz", 32'000)),
      lse_hz_(construction.number("lseFrequency", 0)),
      most_hz_{construction.chip_number("hclk_most_hz", 80'000'000), construction.chip_number("hclk_boost_most_hz", 120'000'000),
               construction.chip_number("hclk_range_2_most_hz", 26'000'000)},
      msi_osc_(scheduler_, name_ + ".msi", startup_ticks(construction, "msi_startup_ns", 2'500), [this] { on_ready(2); }),
      hsi_osc_(scheduler_, name_ + ".hsi", startup_ticks(construction, "hsi_startup_ns", 1'200), [this] { on_ready(3); }),
      hse_osc_(scheduler_, name_ + ".hse", startup_ticks(construction, "hse_startup_ns", 2'000'000), [this] { on_ready(4); }),
      lsi_osc_(scheduler_, name_ + ".lsi", startup_ticks(construction, "lsi_startup_ns", 130'000), [this] { on_ready(0); }),
      lse_osc_(scheduler_, name_ + ".lse", startup_ticks(construction, "lse_startup_ns", 2'000'000'000), [this] { on_ready(1); }),
      pll_osc_(scheduler_, name_ + ".pll", startup_ticks(construction, "pll_lock_ns", 15'000), [this] { on_ready(5); }),
      sai1_osc_(scheduler_, name_ + ".pllsai1", startup_ticks(construction, "pll_lock_ns", 15'000), [this] { on_ready(6); }),
      sai2_osc_(scheduler_, name_ + ".pllsai2", startup_ticks(construction, "pll_lock_ns", 15'000), [this] { on_ready(7); }),
      hsi48_osc_(scheduler_, name_ + ".hsi48", startup_ticks(construction, "hsi48_startup_ns", 2'500), [this] { on_ready(hsi48_flag); }),
      output_level_(recorder_.name_level(name_ + ".MCO")), reset_causes_(power_on_causes) {
    L4Rcc::reset();
}

// Standby sets no flag here, its own stands in PWR, and LSI goes on for RTC and IWDG.
void L4Rcc::note_reset(uint32_t cause) {
    keeps_lsi_ = is_standby(cause);
    if (!keeps_lsi_) reset_causes_ |= pin_reset | (cause == 0 ? software_reset : cause);
}

void L4Rcc::reset() {
    const uint32_t kept = std::exchange(keeps_lsi_, false) ? value(CSR) & lsi_on : 0;
    Peripheral::reset();
    value(CSR) |= kept;
    if (kept == 0) lsi_osc_.stop();
    stopped_ = asleep_ = false;
    for (Oscillator* each : {&hsi_osc_, &hse_osc_, &pll_osc_, &sai1_osc_, &sai2_osc_, &hsi48_osc_}) each->stop();
    msi_osc_.set_running();
    system_source_ = msi;
    range_ = VoltageRange::range_1;
    flags_ = 0;
    hclk_ticks_ = cpu_ticks_ = 0;         // so that all are told
    update_tree();
}

std::optional<Line::Sink> L4Rcc::input(unsigned number) {
    if (number == 0) return [this](bool failed) { on_hse_failure(failed); };
    if (number == 2) return [this](bool pulled) { pulled ? system_.reset_system(pin_reset) : void(); };
    if (number != 1) return std::nullopt;
    backup_writable_ = false;
    return [this](bool writable) { backup_writable_ = writable; };
}

uint32_t L4Rcc::read_register(uint32_t offset) {
    switch (offset) {
    case CR: return read_cr();
    case CFGR: return value(CFGR) | static_cast<uint32_t>(system_source_) << 2;
    case CIFR: return flags_;
    case BDCR: return backup_ | (lse_osc_.is_ready() ? lse_on << 1 : 0);
    case CSR: return value(CSR) | reset_causes_ | (lsi_osc_.is_ready() ? lsi_on << 1 : 0);
    case CRRCR: return value(CRRCR) | (hsi48_osc_.is_ready() ? hsi48_on << 1 : 0);
    default: return value(offset);
    }
}

void L4Rcc::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR: return write_cr(written);
    case CFGR: return write_cfgr(written);
    case PLLCFGR:
    case PLLSAI1CFGR:
    case PLLSAI2CFGR: return write_pll(offset, written);
    case CIER:
        store(CIER, written);
        return update_irq();
    case CICR:
        flags_ &= ~written;
        return update_irq();
    case CCIPR:
    case CCIPR2:
        store(offset, written);
        has_new_slow_clock();
        return tell();
    case BDCR: return write_bdcr(written);
    case CSR: return write_csr(written);
    case CRRCR:
        store(CRRCR, written);
        hsi48_osc_.request((written & hsi48_on) != 0);
        return update_tree();
    default:
        if (offset >= AHB1RSTR && offset <= APB2RSTR) return write_resets(offset, written);
        if (offset >= AHB1SMENR && offset <= APB2SMENR) return write_sleep_gates(offset, written);
        if (offset >= AHB1ENR && offset <= APB2ENR) return write_gates(offset, written);
        return store(offset, written);
    }
}

uint32_t L4Rcc::read_cr() const {
    return value(CR) | (msi_osc_.is_ready() ? msi_on << 1 : 0) | (hsi_osc_.is_ready() ? hsi_ready : 0) |
           (hse_osc_.is_ready() ? hse_on << 1 : 0) | (pll_osc_.is_ready() ? pll_on << 1 : 0) |
           (sai1_osc_.is_ready() ? sai1_on << 1 : 0) | (sai2_osc_.is_ready() ? sai2_on << 1 : 0);
}

// A source that SYSCLK comes from cannot be switched off; CSSON and MSIRGSEL are set only; ranges above 48 MHz do not exist.
void L4Rcc::write_cr(uint32_t written) {
    if (uses(msi)) written |= msi_on;
    if (uses(hsi)) written |= hsi_on;
    if (uses(hse)) written |= hse_on;
    if (uses(pll)) written |= pll_on;
    written |= value(CR) & (css_on | msi_range_select);
    if ((written & msi_range) >> msi_range_at > highest_range) written = (written & ~msi_range) | (value(CR) & msi_range);
    store(CR, written);
    request_oscillators();
    start_plls();
    update_tree();
    note_output();
}

void L4Rcc::request_oscillators() {
    const uint32_t cr = value(CR);
    msi_osc_.request((cr & msi_on) != 0);
    hsi_osc_.request((cr & hsi_on) != 0);
    if ((cr & hse_on) != 0 && hse_hz_ == 0)
        warn_once(warned_no_hse_, "HSEON is set, but the board has no HSE (hseFrequency): HSERDY never comes");
    hse_osc_.request((cr & hse_on) != 0 && hse_hz_ != 0 && !hse_failed_);
}

// Factors are locked while their PLL is on, its output enables are not, except that of PLLCLK while SYSCLK comes from it.
void L4Rcc::write_pll(uint32_t offset, uint32_t written) {
    const uint32_t on = offset == PLLCFGR ? pll_on : offset == PLLSAI1CFGR ? sai1_on : sai2_on;
    if ((value(CR) & on) != 0) written = (written & pll_enables) | (value(offset) & ~pll_enables);
    if (offset == PLLCFGR && uses(pll)) written |= pll_r_enable;
    store(offset, written);
    start_plls();
    follow_switch();
    update_tree();
    tell();                               // an output may have come or gone
}

void L4Rcc::write_cfgr(uint32_t written) {
    store(CFGR, written);
    follow_switch();
    update_tree();
    note_output();
}

// RTCSEL is chosen once until a reset of the backup domain.
void L4Rcc::write_bdcr(uint32_t written) {
    if (!backup_writable_) return warn_once(warned_backup_, "BDCR is written while PWR_CR1.DBP is 0: the write is lost");
    if ((written & backup_reset) != 0) {
        backup_ = backup_reset;
        lse_osc_.stop();
        update_tree();                    // RTCCLK has gone
        for (auto& each : backup_resets_) each();
    } else {
        const uint32_t selection = (backup_ & rtc_selection) != 0 ? backup_ & rtc_selection : written & rtc_selection;
        backup_ = (written & backup_bits & ~(backup_reset | rtc_selection)) | selection;
    }
    if ((backup_ & lse_on) != 0 && lse_hz_ == 0 && (backup_ & lse_bypass) == 0)
        warn_once(warned_no_lse_, "LSEON is set, but the board has no LSE (lseFrequency): LSERDY never comes");
    lse_osc_.request((backup_ & lse_on) != 0 && lse_hz_ != 0);
    update_tree();
}

// MSISRANGE can be written with MSIRGSEL set, to 1, 2, 4 or 8 MHz.
void L4Rcc::write_csr(uint32_t written) {
    const uint32_t wanted = (written & standby_range) >> standby_range_at;
    const bool is_range = wanted >= standby_range_least && wanted <= standby_range_most && (value(CR) & msi_range_select) != 0;
    if (!is_range) written = (written & ~standby_range) | (value(CSR) & standby_range);
    store(CSR, written);
    lsi_osc_.request((written & lsi_on) != 0);
    update_tree();
    if ((written & remove_flags) != 0) reset_causes_ = 0;
}

void L4Rcc::write_resets(uint32_t offset, uint32_t written) {
    const uint32_t before = value(offset);
    store(offset, written);
    const uint32_t risen = value(offset) & ~before;
    for (const BlockReset& each : block_resets_)
        if ((each.gate >> 8) == offset + reset_to_enable && (risen >> (each.gate & 31) & 1) != 0) each.run();
}

void L4Rcc::write_gates(uint32_t offset, uint32_t written) {
    const uint32_t before = value(offset);
    store(offset, written);
    if (value(offset) != before) tell();
}

void L4Rcc::write_sleep_gates(uint32_t offset, uint32_t written) {
    const uint32_t before = value(offset);
    store(offset, written);
    if ((before & ~value(offset) & never_held(offset)) == 0) return;
    not_modelled();
    warn_once(warned_sleep_,
              "a bit of SMENR of a DMA controller or a memory is cleared: not modelled, they keep their clock while the CPU sleeps");
}

uint32_t L4Rcc::held_bits(uint32_t sleep_offset) const { return cleared(sleep_offset) & ~never_held(sleep_offset); }

// RM0351 6.4.22: in Stop as well, where a block may have a clock of its own.
bool L4Rcc::is_held(uint32_t gate) const {
    return (asleep_ || stopped_) && (held_bits((gate >> 8) + enable_to_sleep) >> (gate & 31) & 1) != 0;
}

void L4Rcc::sleep() {
    for (uint32_t offset = AHB1SMENR; offset <= APB2SMENR; offset += 4)
        asleep_ |= (value(offset - enable_to_sleep) & held_bits(offset)) != 0;
    if (asleep_) tell();
}

void L4Rcc::wake() {
    if (std::exchange(asleep_, false)) tell();
}

bool L4Rcc::is_open(uint32_t gate) const { return (value(gate >> 8) >> (gate & 31) & 1) != 0 && !is_held(gate); }

void L4Rcc::on_block_reset(uint32_t gate, std::function<void()> reset) { block_resets_.push_back({gate, std::move(reset)}); }

void L4Rcc::update_irq() { irq_.set((flags_ & value(CIER)) != 0); }

void L4Rcc::state(Archive& archive) {
    Peripheral::state(archive);
    archive(msi_osc_, hsi_osc_, hse_osc_, lsi_osc_, lse_osc_, pll_osc_, sai1_osc_, sai2_osc_, hsi48_osc_, system_source_, range_,
            sysclk_ticks_, hclk_ticks_, pclk1_ticks_, pclk2_ticks_, timers1_ticks_, timers2_ticks_, rtc_ticks_, pll48_ticks_, ready_, cpu_ticks_,
            flags_, reset_causes_, backup_, backup_writable_, hse_failed_, stopped_, keeps_lsi_, asleep_, output_hz_, warned_backup_,
            warned_no_hse_, warned_no_lse_, warned_pll_, warned_sai1_, warned_sai2_, warned_sleep_, warned_hclk_);
}

}  // namespace tinysim::stm32
