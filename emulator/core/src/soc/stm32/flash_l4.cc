#include "soc/stm32/flash_l4.h"

#include <algorithm>

#include "timing/l4_flash.h"

namespace tinysim::stm32 {

namespace {

enum : uint32_t {
    ACR = 0x00, PDKEYR = 0x04, KEYR = 0x08, OPTKEYR = 0x0C, SR = 0x10, CR = 0x14, ECCR = 0x18, OPTR = 0x20,
    PCROP1SR = 0x24, WRP1AR = 0x2C, WRP1BR = 0x30, PCROP2SR = 0x44, WRP2AR = 0x4C, WRP2BR = 0x50, CFGR = 0x130, words = CFGR / 4 + 1,
};
constexpr uint32_t all_bits = 0xFFFFFFFF, acr_keeps = 0x7F0F, acr_run_pd = 1u << 13;
constexpr uint32_t option_reset = 1u << 25, boot_from_bank_2 = 1u << 20;       // RCC_CSR.OBLRSTF; OPTR.BFB2
constexpr uint32_t no_area = 0xFF00FFFF;       // WRP from production: begins above its end
constexpr uint32_t eccr_eccie = 1u << 24, eccr_flags = 3u << 30;
constexpr uint32_t sr_progerr = 1u << 3, sr_pgaerr = 1u << 5, sr_sizerr = 1u << 6, sr_pgserr = 1u << 7, sr_miserr = 1u << 8, sr_fasterr = 1u << 9,
                   sr_errors = 0x03F8, sr_clearable = 0xC3FB, sr_pempty = 1u << 17;
constexpr uint32_t cr_per = 1u << 1, cr_mer1 = 1u << 2, cr_bker = 1u << 11, cr_mer2 = 1u << 15, cr_start = 1u << 16,
                   cr_optstrt = 1u << 17, cr_fstpg = 1u << 18, cr_obl_launch = 1u << 27, cr_optlock = 1u << 30,
                   cr_bits = 0x07058FFF;

struct Map {
    Register rows[words];
};
constexpr Map registers() {
    Map map{};
    const auto put = [&map](uint32_t offset, Register row) { map.rows[offset / 4] = row; };
    put(ACR, {"ACR", 0x600, acr_keeps});
    put(PDKEYR, {"PDKEYR", 0, 0});
    put(KEYR, {"KEYR", 0, 0});
    put(OPTKEYR, {"OPTKEYR", 0, 0});
    put(SR, {"SR", 0, 0});
    put(CR, {"CR", cr_lock | cr_optlock, 0});
    put(ECCR, {"ECCR", 0, eccr_eccie});
    put(OPTR, {"OPTR", 0xF0000000, all_bits});
    put(PCROP1SR, {"PCROP1SR", 0xFFFF0000, 0xFFFF});
    put(0x28, {"PCROP1ER", 0x0FFF0000, 0x8000FFFF});
    put(WRP1AR, {"WRP1AR", no_area, 0x00FF00FF});
    put(WRP1BR, {"WRP1BR", no_area, 0x00FF00FF});
    put(PCROP2SR, {"PCROP2SR", 0xFFFF0000, 0xFFFF});
    put(0x48, {"PCROP2ER", 0x0FFF0000, 0xFFFF});
    put(WRP2AR, {"WRP2AR", no_area, 0x00FF00FF});
    put(WRP2BR, {"WRP2BR", no_area, 0x00FF00FF});
    put(CFGR, {"CFGR", 0, 1});
    return map;
}
constexpr Map map = registers();

bool is_option(uint32_t offset) {
    return (offset >= OPTR && offset <= WRP1BR) || (offset >= PCROP2SR && offset <= WRP2BR);
}
RegisterTable table_of(const Construction& construction) {
    const bool is_plus = construction.chip_number("flash_latency_bits", 3) > 3;
    return RegisterTable(map.rows).first(is_plus ? size_t{words} : size_t{WRP2BR / 4 + 1});
}

}  // namespace

L4Flash::L4Flash(const Construction& construction)
    : FlashController(construction, table_of(construction), {ACR, KEYR, OPTKEYR, SR, CR}, l4_flash_parameters),
      page_bytes_(static_cast<uint32_t>(construction.chip_number("flash_page_bytes", 2048))),
      banks_(static_cast<uint32_t>(construction.chip_number("flash_banks", 2))),
      program_ticks_(ticks_of_ns(construction.chip_number("flash_program_ns", 81'690))),
      fast_ticks_(ticks_of_ns(construction.chip_number("flash_program_fast_ns", 59'690))),
      erase_page_ticks_(ticks_of_ns(construction.chip_number("flash_erase_page_us", 22'020) * 1000)),
      erase_bank_ticks_(ticks_of_ns(construction.chip_number("flash_erase_bank_us", 22'130) * 1000)),
      power_lock_(0x04152637, 0xFAFBFCFD) {
    for (unsigned word = 0; word < option_words; ++word) loaded_[word] = is_option(OPTR + 4 * word) ? value(OPTR + 4 * word) : 0;
    loaded_[0] = static_cast<uint32_t>(construction.chip_number("flash_optr", 0xFFEFF8AA));
    programmed_ = loaded_;
    show_options();
}

void L4Flash::show_options() {
    for (unsigned word = 0; word < option_words; ++word)
        if (is_option(OPTR + 4 * word)) value(OPTR + 4 * word) = loaded_[word];
}

void L4Flash::note_reset(uint32_t cause) {
    if (cause == option_reset || cause == standby_ends) loaded_ = programmed_;
    FlashController::note_reset(cause);
}

void L4Flash::reset() {
    FlashController::reset();
    power_lock_.reset();
    first_offset_ = row_next_ = none;
    show_options();
}

bool L4Flash::asks_for_bank_2() const { return (loaded_[0] & boot_from_bank_2) != 0; }

uint32_t L4Flash::read_register(uint32_t offset) {
    // RM0432 3.7.5: whether the first word of the flash is erased; on a chip as it was at power-on.
    const bool is_empty = offset == SR && is_plus() && is_erased(0, 4);
    return FlashController::read_register(offset) | (is_empty ? sr_pempty : 0);
}

void L4Flash::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case PDKEYR:
        if (!power_lock_.put(written)) refuse();
        return;
    case OPTKEYR:
        if (cr_lock_.is_open() && !option_lock_.put(written)) refuse();
        else if (option_lock_.is_open()) value(CR) &= ~cr_optlock;
        return;
    case SR: return write_sr(written & sr_clearable);
    case ECCR:
        value(ECCR) &= ~(written & eccr_flags);
        return store(ECCR, written);
    default:
        return is_option(offset) ? write_option(offset, written) : FlashController::write_register(offset, written);
    }
}

void L4Flash::write_option(uint32_t offset, uint32_t written) {
    if (option_lock_.is_open() && level_of(loaded_[0]) != 2) store(offset, written);       // level 2 is for ever
}

void L4Flash::write_acr(uint32_t written) {
    if ((written & acr_run_pd) != 0) {
        if (!power_lock_.is_open()) written &= ~acr_run_pd;
        else not_modelled();
    }
    FlashController::write_acr(written);
}

void L4Flash::write_cr(uint32_t written) {
    if (!cr_lock_.is_open()) return;
    value(CR) = (written & cr_bits) | (value(CR) & cr_optlock) | (written & (cr_lock | cr_optlock));
    if ((written & cr_lock) != 0) cr_lock_.close();
    if ((written & (cr_lock | cr_optlock)) != 0) {
        option_lock_.close();
        value(CR) |= cr_optlock;
    }
    if (option_lock_.is_open() && (written & cr_optstrt) != 0) start_options();
    if (option_lock_.is_open() && (written & cr_obl_launch) != 0) system_.reset_system(option_reset);
    if ((written & (cr_pg | cr_fstpg)) == 0) first_offset_ = none;
    if ((written & cr_fstpg) == 0) row_next_ = none;
    if ((written & cr_start) != 0) start_erase();
    update_irq();
}

void L4Flash::start_options() {
    const bool erases = is_unlocking(programmed_[0], value(OPTR));
    if (erases) erase(0, flash_->size());
    for (unsigned word = 0; word < option_words; ++word)
        if (is_option(OPTR + 4 * word)) programmed_[word] = value(OPTR + 4 * word);
    value(CR) |= cr_optstrt;
    occupy((erases ? erase_bank_ticks_ : erase_page_ticks_) + program_ticks_);
}

void L4Flash::on_done() { value(CR) &= ~cr_optstrt; }

bool L4Flash::is_protected_area(unsigned bank, uint32_t option, uint32_t first, uint32_t last) const {
    const uint32_t area = loaded_[(option - OPTR) / 4], begin = area & 0xFF, end = area >> 16 & 0xFF;
    const uint32_t base = place_of(bank * bank_bytes());
    return begin <= end && last >= base + begin * page_bytes_ && first < base + (end + 1) * page_bytes_;
}

bool L4Flash::is_protected(uint32_t first, uint32_t last) const {
    for (const uint32_t option : {WRP1AR, WRP1BR})
        if (is_protected_area(0, option, first, last)) return true;
    for (const uint32_t option : {WRP2AR, WRP2BR})
        if (banks_ > 1 && is_protected_area(1, option, first, last)) return true;
    return false;
}

// RM0351 3.3.7: an operation behind an error that is still flagged fails as well.
bool L4Flash::has_old_error() {
    if ((value(SR) & sr_errors) == 0) return false;
    fail(sr_pgserr);
    return true;
}

void L4Flash::refuse_erase(uint32_t sr_bits) {
    value(CR) &= ~cr_start;
    if (sr_bits != 0) fail(sr_bits);
}

void L4Flash::start_erase() {
    const uint32_t cr = value(CR), bytes = bank_bytes();
    const bool is_page = (cr & cr_per) != 0, is_mass = (cr & (cr_mer1 | cr_mer2)) != 0;
    if (has_old_error() || is_page == is_mass || (cr & cr_pg) != 0) {
        return refuse_erase(is_page == is_mass || (cr & cr_pg) != 0 ? sr_pgserr : 0);
    }
    if (is_page) {
        const uint32_t bank = banks_ > 1 && (cr & cr_bker) != 0 ? 1 : 0;
        const uint32_t place = place_of(bank * bytes + (cr >> 3 & 0xFF) * page_bytes_ % bytes);
        if (is_protected(place, place)) return refuse_erase(sr_wrperr);
        erase(place, page_bytes_);
        return occupy(erase_page_ticks_);
    }
    const bool first_bank = (cr & cr_mer1) != 0, second_bank = (cr & cr_mer2) != 0 && banks_ > 1;
    const uint32_t first = place_of(0), second = banks_ > 1 ? place_of(bytes) : 0;
    if ((first_bank && is_protected(first, first + bytes - 1)) || (second_bank && is_protected(second, second + bytes - 1)))
        return refuse_erase(sr_wrperr);
    if (first_bank) erase(first, bytes);
    if (second_bank) erase(second, bytes);
    occupy(erase_bank_ticks_);
}

bool L4Flash::program(uint32_t offset, uint32_t word, unsigned bytes) {
    if (offset + bytes > flash_->size()) return false;
    const uint32_t mode = value(CR) & (cr_pg | cr_fstpg);
    if (mode == 0 || mode == (cr_pg | cr_fstpg)) fail(sr_pgserr);
    else if (has_old_error()) first_offset_ = row_next_ = none;
    else if (mode == cr_fstpg) program_fast(offset, word, bytes);
    else if (bytes != 4) fail(sr_sizerr);
    else if (is_protected(offset, offset)) fail(sr_wrperr);
    else program_word(offset, word);
    return true;
}

void L4Flash::program_word(uint32_t offset, uint32_t word) {
    if (first_offset_ == none) {
        if (offset % 8 != 0) return fail(sr_pgaerr);
        first_offset_ = offset;
        first_word_ = word;
        return;
    }
    const uint32_t first = std::exchange(first_offset_, none);
    if (offset != first + 4) return fail(sr_pgaerr);
    if ((first_word_ | word) != 0 && !is_erased(first, 8)) return fail(sr_progerr);
    and_into(first, first_word_, 4);
    and_into(first + 4, word, 4);
    occupy(program_ticks_);
}

uint32_t L4Flash::fast_error(uint32_t offset, unsigned bytes) const {
    const bool is_next = first_offset_ != none ? offset == first_offset_ + 4
                         : row_next_ != none   ? offset == row_next_
                                               : offset % row_bytes() == 0;
    if (bytes != 4) return sr_sizerr;
    if (is_protected(offset, offset)) return sr_wrperr;
    if (!is_next) return sr_pgaerr;
    return row_next_ != none && scheduler_.now() > row_until_ ? sr_miserr : 0;
}

void L4Flash::program_fast(uint32_t offset, uint32_t word, unsigned bytes) {
    if (const uint32_t error = fast_error(offset, bytes); error != 0) {
        first_offset_ = row_next_ = none;
        return fail(error | sr_fasterr);
    }
    and_into(offset, word, 4);
    if (first_offset_ == none) {
        first_offset_ = offset;
        return;
    }
    first_offset_ = none;
    row_next_ = (offset + 4) % row_bytes() == 0 ? none : offset + 4;
    occupy(fast_ticks_);
    row_until_ = busy_until() + fast_ticks_;
}

void L4Flash::state(Archive& archive) {
    FlashController::state(archive);
    archive(power_lock_, programmed_, loaded_, first_offset_, first_word_, row_next_, row_until_);
}

}  // namespace tinysim::stm32
