#include "soc/stm32/flash_f4.h"

#include <algorithm>

#include "timing/art.h"

namespace tinysim::stm32 {

namespace {

enum : uint32_t { ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14, OPTCR1 = 0x18 };
constexpr uint32_t acr_bits = 0x170F;           // ICRST is write-only
constexpr Register table[] = {
    {"ACR", 0, acr_bits}, {"KEYR", 0, 0}, {"OPTKEYR", 0, 0}, {"SR", 0, 0},
    {"CR", cr_lock, 0},   {"OPTCR", 0x0FFFAAED, 0}, {"OPTCR1", 0x0FFF0000, 0},
};
constexpr size_t without_second_bank = 6;
constexpr uint32_t sr_pgaerr = 1u << 5, sr_pgperr = 1u << 6, sr_pgserr = 1u << 7, sr_clearable = 0xF3;
constexpr uint32_t cr_ser = 1u << 1, cr_mer = 1u << 2, cr_mer1 = 1u << 15, cr_strt = 1u << 16, cr_bits = 0x030183FF;
constexpr uint32_t optcr_lock = 1u << 0, optcr_strt = 1u << 1, optcr_bits = 0x0FFFFFEC,
                   optcr_bfb2 = 1u << 4, optcr_db1m = 1u << 30, second_bank_bits = optcr_bfb2 | optcr_db1m, optcr1_bits = 0x0FFF0000;
constexpr unsigned width_64 = 3, sectors_of_bank = 12;
constexpr unsigned optcr_rdp_at = 8, optcr_nwrp_at = 16;
constexpr uint32_t kilobyte = 1024, megabyte = 1024 * kilobyte, row_bytes = 16;

bool has_optcr1(const Construction& construction) { return construction.number("series", 407) == 429; }
RegisterTable table_of(const Construction& construction) {
    return has_optcr1(construction) ? RegisterTable(table) : RegisterTable(table).first(without_second_bank);
}

struct EraseTime {
    const char* name;
    int64_t otherwise_us;
};
constexpr EraseTime erase_times[4][3] = {
    {{"flash_erase_16k_x8_us", 400'000}, {"flash_erase_16k_x16_us", 300'000}, {"flash_erase_16k_x32_us", 250'000}},
    {{"flash_erase_64k_x8_us", 1'200'000}, {"flash_erase_64k_x16_us", 700'000}, {"flash_erase_64k_x32_us", 550'000}},
    {{"flash_erase_128k_x8_us", 2'000'000}, {"flash_erase_128k_x16_us", 1'300'000}, {"flash_erase_128k_x32_us", 1'000'000}},
    {{"flash_erase_all_x8_us", 16'000'000}, {"flash_erase_all_x16_us", 11'000'000}, {"flash_erase_all_x32_us", 8'000'000}},
};

}  // namespace

F4Flash::F4Flash(const Construction& construction)
    : FlashController(construction, table_of(construction), {ACR, KEYR, OPTKEYR, SR, CR}, art_parameters),
      has_second_bank_(has_optcr1(construction)), program_ticks_(ticks_of_ns(construction.chip_number("flash_program_ns", 16'000))),
      erase_ticks_(erase_ticks_of(construction)), options_(value(OPTCR) & optcr_bits),
      options_1_(optcr1_bits) {}

void F4Flash::reset() {
    FlashController::reset();
    value(OPTCR) = options_ | optcr_lock;
    if (has_second_bank_) value(OPTCR1) = options_1_;
}

uint32_t F4Flash::option_bits() const { return optcr_bits | (has_second_bank_ ? second_bank_bits : 0); }

bool F4Flash::asks_for_bank_2() const { return (options_ & optcr_bfb2) != 0; }

// RM0090 3.4: two banks of a part of 2 MB, and of one of 1 MB with DB1M.
uint32_t F4Flash::bank_bytes() const {
    const bool halves = has_second_bank_ && (flash_->size() > megabyte || (options_ & optcr_db1m) != 0);
    return halves ? flash_->size() / 2 : flash_->size();
}

F4Flash::EraseTicks F4Flash::erase_ticks_of(const Construction& construction) const {
    EraseTicks ticks{};
    for (size_t kind = 0; kind < ticks.size(); ++kind)
        for (size_t width = 0; width < ticks[kind].size(); ++width) {
            const EraseTime& time = erase_times[kind][width];
            ticks[kind][width] = ticks_of_ns(construction.chip_number(time.name, time.otherwise_us) * 1000);
        }
    return ticks;
}

unsigned F4Flash::width() const { return value(CR) >> 8 & 3; }

void F4Flash::write_register(uint32_t offset, uint32_t written) {
    switch (offset) {
    case SR: return write_sr(written & sr_clearable);
    case OPTKEYR:
        if (!option_lock_.put(written)) refuse();
        else if (option_lock_.is_open()) value(OPTCR) &= ~optcr_lock;
        return;
    case OPTCR: return write_optcr(written);
    case OPTCR1:
        if (!are_options_locked()) value(OPTCR1) = written & optcr1_bits;
        return;
    default: return FlashController::write_register(offset, written);
    }
}

// Level 2 is for ever.
bool F4Flash::are_options_locked() const { return (value(OPTCR) & optcr_lock) != 0 || level_of(options_ >> optcr_rdp_at) == 2; }

void F4Flash::write_optcr(uint32_t written) {
    if (are_options_locked()) return;
    value(OPTCR) = (written & option_bits()) | (value(OPTCR) & ~option_bits());
    if ((written & optcr_strt) != 0) start_options();
    if ((written & optcr_lock) == 0) return;
    value(OPTCR) |= optcr_lock;
    option_lock_.close();
}

void F4Flash::start_options() {
    value(OPTCR) |= optcr_strt;
    const bool erases = is_unlocking(options_ >> optcr_rdp_at, value(OPTCR) >> optcr_rdp_at);
    if (erases) erase(0, flash_->size());
    options_ = value(OPTCR) & option_bits();
    if (has_second_bank_) options_1_ = value(OPTCR1);
    occupy(erase_ticks_[erases ? everything : sector_16k][std::min(width(), 2u)]);
}

void F4Flash::on_done() { value(OPTCR) &= ~optcr_strt; }

void F4Flash::write_cr(uint32_t written) {
    if (!cr_lock_.is_open()) return;
    value(CR) = written & (cr_bits | cr_lock);
    if ((written & cr_lock) != 0) cr_lock_.close();
    if ((written & cr_strt) != 0) start_erase();
    update_irq();
}

// RM0090 tables 5 to 7: in each bank four sectors of 16 KB, one of 64, the rest of 128; the second bank counts from 16.
bool F4Flash::find_sector(uint32_t number, Sector& sector) const {
    const uint32_t bank = number >> 4, place = number & 15;
    if (place >= sectors_of_bank) return false;
    if (place < 4) sector = {place * 16 * kilobyte, 16 * kilobyte, sector_16k};
    else if (place == 4) sector = {64 * kilobyte, 64 * kilobyte, sector_64k};
    else sector = {(place - 4) * 128 * kilobyte, 128 * kilobyte, sector_128k};
    const bool is_there = sector.offset + sector.bytes <= bank_bytes() && (bank + 1) * bank_bytes() <= flash_->size();
    sector.offset = place_of(is_there ? sector.offset + bank * bank_bytes() : 0);
    return is_there;
}

// nWRP: a 0 protects its sector; those of the second bank stand in OPTCR1.
bool F4Flash::is_protected(uint32_t place, uint32_t bytes) const {
    Sector sector{};
    for (uint32_t bank = 0; bank < 2; ++bank)
        for (uint32_t number = 0; number < sectors_of_bank; ++number) {
            if (((bank == 0 ? options_ : options_1_) >> (optcr_nwrp_at + number) & 1) != 0 || !find_sector(bank << 4 | number, sector)) continue;
            if (place < sector.offset + sector.bytes && place + bytes > sector.offset) return true;
        }
    return false;
}

void F4Flash::refuse_erase(uint32_t sr_bits) {
    value(CR) &= ~cr_strt;
    fail(sr_bits);
}

void F4Flash::erase_banks(bool first, bool second) {
    const uint32_t bytes = bank_bytes();
    const bool has_two = bytes < flash_->size();
    if ((first && is_protected(place_of(0), bytes)) || (second && has_two && is_protected(place_of(bytes), bytes)))
        return refuse_erase(sr_wrperr);
    if (first) erase(place_of(0), bytes);
    if (second && has_two) erase(place_of(bytes), bytes);
    occupy(erase_ticks_[everything][std::min(width(), 2u)]);
}

void F4Flash::start_erase() {
    const uint32_t cr = value(CR);
    const unsigned time = std::min(width(), 2u);
    Sector sector{};
    if ((cr & (cr_mer | cr_mer1)) != 0) return erase_banks((cr & cr_mer) != 0, (cr & cr_mer1) != 0);
    if ((cr & cr_ser) == 0 || !find_sector(cr >> 3 & 0x1F, sector)) {
        return refuse_erase(sr_pgserr);
    }
    if (is_protected(sector.offset, sector.bytes)) return refuse_erase(sr_wrperr);
    erase(sector.offset, sector.bytes);
    occupy(erase_ticks_[sector.kind][time]);
}

bool F4Flash::program(uint32_t offset, uint32_t value_written, unsigned bytes) {
    if (offset + bytes > flash_->size()) return false;
    if ((value(CR) & cr_pg) == 0) fail(sr_pgserr);
    else if (width() == width_64 || bytes != 1u << width()) fail(sr_pgperr);
    else if (offset / row_bytes != (offset + bytes - 1) / row_bytes) fail(sr_pgaerr);
    else if (is_protected(offset, bytes)) fail(sr_wrperr);
    else {
        and_into(offset, value_written, bytes);
        occupy(program_ticks_);
    }
    return true;
}

void F4Flash::state(Archive& archive) {
    FlashController::state(archive);
    archive(options_, options_1_);
}

}  // namespace tinysim::stm32
