// FLASH of STM32F4 (RM0090 3.9; registers as in STM32F407's and STM32F429's SVD): sectors of 16, 64 and 128 KB, programming
// of 1, 2 or 4 bytes at a time (PSIZE), which only clears bits. The SVD's reset value of OPTCR is its offset; RM0090's stands here.
// Chip parameters: flash_latency_bits (3; STM32F42x: 4), flash_program_ns, flash_erase_{16k,64k,128k,all}_{x8,x16,x32}_us
// (DS8626: times by PSIZE).
// Option bytes act as they are programmed; that takes an erase of a 16 KB sector (H).
// Parameter series: 429 has OPTCR1, the protection of a second bank, which a part of 1 MB has with DB1M.
// Not modelled, beside what flash.h says: PSIZE 64 bits, which needs a supply at VPP; SPRMOD, the protection of reads.
#pragma once

#include <array>

#include "soc/stm32/flash.h"

namespace tinysim::stm32 {

class F4Flash : public FlashController {
public:
    explicit F4Flash(const Construction& construction);
    void state(Archive& archive) override;
    void reset() override;

protected:
    bool program(uint32_t offset, uint32_t value, unsigned bytes) override;
    void write_cr(uint32_t written) override;
    void write_register(uint32_t offset, uint32_t written) override;
    void on_done() override;
    bool asks_for_bank_2() const override;
    uint32_t bank_bytes() const override;

private:
    enum Erase : uint8_t { sector_16k, sector_64k, sector_128k, everything, erase_kinds };
    struct Sector {
        uint32_t offset, bytes;
        Erase kind;
    };
    bool find_sector(uint32_t number, Sector& sector) const;
    bool is_protected(uint32_t place, uint32_t bytes) const;
    bool are_options_locked() const;
    void start_erase();
    void erase_banks(bool first, bool second);
    void refuse_erase(uint32_t sr_bits);
    void start_options();
    void write_optcr(uint32_t written);
    uint32_t option_bits() const;       // of OPTCR
    unsigned width() const;             // PSIZE: 0, 1, 2 for 8, 16, 32 bits; 3 for 64

    using EraseTicks = std::array<std::array<Tick, 3>, erase_kinds>;        // by PSIZE
    EraseTicks erase_ticks_of(const Construction& construction) const;

    const bool has_second_bank_;
    const Tick program_ticks_;
    const EraseTicks erase_ticks_;
    uint32_t options_, options_1_;      // bits of OPTCR and OPTCR1 as they are programmed
};

}  // namespace tinysim::stm32
