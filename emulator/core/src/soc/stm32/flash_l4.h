// FLASH of STM32L4 and STM32L4+ (RM0351 3.7, RM0432 3.7; registers as in STM32L4x5's SVD): pages in two banks, programming
// of one double word of erased flash, written as two words; the second starts it. L4+ has CFGR and a LATENCY of four bits.
// Chip parameters: flash_page_bytes, flash_banks, flash_program_ns, flash_erase_page_us, flash_erase_bank_us,
// flash_latency_bits (3, L4+: 4), flash_optr (option bytes from production).
// Option bytes: OPTSTRT programs what their registers hold (a page's erase and a double word, H); OBL_LAUNCH loads them, with a
// reset, as does the end of Standby; until then a reset brings back those that act.
// Not modelled, beside what flash.h says: fast programming (FSTPG), RUN_PD and SLEEP_PD (power), DBANK; BFB2 (warned of).
#pragma once

#include <array>

#include "soc/stm32/flash.h"

namespace tinysim::stm32 {

class L4Flash : public FlashController {
public:
    explicit L4Flash(const Construction& construction);
    void state(Archive& archive) override;
    void reset() override;
    void note_reset(uint32_t cause) override;

protected:
    bool program(uint32_t offset, uint32_t value, unsigned bytes) override;
    void write_cr(uint32_t written) override;
    void write_acr(uint32_t written) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_done() override;

private:
    static constexpr uint32_t none = 0xFFFFFFFF;
    bool is_plus() const { return latency_bits_ > 3; }
    bool has_old_error();
    void start_erase();
    void refuse_erase(uint32_t sr_bits);
    void write_option(uint32_t offset, uint32_t written);
    void start_options();
    void show_options();
    bool is_protected(uint32_t first, uint32_t last) const;
    bool is_protected_area(unsigned bank, uint32_t option, uint32_t first, uint32_t last) const;

    static constexpr unsigned option_words = 13;        // OPTR to WRP2BR
    using Options = std::array<uint32_t, option_words>;

    const uint32_t page_bytes_, banks_;
    const Tick program_ticks_, erase_page_ticks_, erase_bank_ticks_;
    KeyLock power_lock_;
    Options programmed_, loaded_;                       // those that act are the loaded ones
    bool warned_boot_ = false;
    uint32_t first_offset_ = none, first_word_ = 0;     // of a double word that waits for its second
};

}  // namespace tinysim::stm32
