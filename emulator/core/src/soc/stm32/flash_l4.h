// FLASH of STM32L4 and STM32L4+ (RM0351 3.7, RM0432 3.7; registers as in STM32L4x5's SVD): pages in two banks, programming
// of one double word of erased flash, written as two words; the second starts it. L4+ has CFGR and a LATENCY of four bits.
// Chip parameters: flash_page_bytes, flash_banks, flash_program_ns, flash_program_fast_ns (a double word of a row), flash_erase_page_us, flash_erase_bank_us,
// flash_latency_bits (3, L4+: 4), flash_optr (option bytes from production).
// Option bytes: OPTSTRT programs what their registers hold (a page's erase and a double word, H); OBL_LAUNCH loads them, with a
// reset, as does the end of Standby; until then a reset brings back those that act.
// Fast programming (FSTPG) takes rows of 32 double words (L4+: 64) in their order; the next may come until the one before it is
// through, and for as long again (H). That it takes an array erased as a whole is not looked at.
// Not modelled, beside what flash.h says: RUN_PD and SLEEP_PD (power), DBANK.
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
    bool asks_for_bank_2() const override;
    uint32_t bank_bytes() const override { return flash_->size() / banks_; }

private:
    static constexpr uint32_t none = 0xFFFFFFFF;
    bool is_plus() const { return latency_bits_ > 3; }
    bool has_old_error();
    void program_word(uint32_t offset, uint32_t word);
    void program_fast(uint32_t offset, uint32_t word, unsigned bytes);
    uint32_t fast_error(uint32_t offset, unsigned bytes) const;
    uint32_t row_bytes() const { return is_plus() ? 512 : 256; }
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
    const Tick program_ticks_, fast_ticks_, erase_page_ticks_, erase_bank_ticks_;
    KeyLock power_lock_;
    Options programmed_, loaded_;                       // those that act are the loaded ones
    uint32_t first_offset_ = none, first_word_ = 0;     // of a double word that waits for its second
    uint32_t row_next_ = none;                          // where the row that is being programmed fast goes on
    Tick row_until_ = 0;                                // the last moment for that
};

}  // namespace tinysim::stm32
