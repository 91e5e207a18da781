// NVMC: writes and erases flash and UICR. nRF52840 Product Specification 4.3. Words only, bits only
// from 1 to 0. The CPU halts while the array is busy if it fetches from flash; from RAM one write
// can wait behind another (READYNEXT). The array changes when the operation begins. Erase tasks
// without CONFIG = Een are ignored. A partial erase takes effect when the sum of its steps reaches
// a page's erase time. ICACHECNF configures the flash's timing (timing/nrf_flash.h), whose counters
// are IHIT and IMISS; CONFIG other than Ren empties the cache and keeps it empty. Output ICACHE: CACHEEN.
// Not modelled: erasing UICR by ERASEPAGE (a gap), the limit of two writes per word and erase, ACL,
// wear, errata.
#pragma once

#include <memory>
#include <vector>

#include "soc/nrf/peripheral.h"
#include "timing/nrf_flash.h"
#include "tinysim/memory.h"

namespace tinysim::nrf {

class Nvmc : public Peripheral {
public:
    explicit Nvmc(const Construction& construction);     // throws: a cache that cannot be

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override {
        return name == "ICACHE" ? &cache_enabled_ : nullptr;
    }

protected:
    void task(unsigned) override {}
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    bool is_busy() const { return scheduler_.now() < busy_until_ticks_; }
    bool is_ready_for_next() const;
    void configure_timing();
    bool store(Memory& memory, uint32_t offset, uint32_t value, unsigned bytes);
    bool may_erase(const char* register_name);
    void occupy(Tick duration_ticks, bool is_write);
    void erase_page(uint32_t address);
    void erase_page_partially(uint32_t address);
    void erase(Memory& memory, uint32_t offset, uint32_t count);
    bool is_in_flash(uint32_t address) const;
    Tick ticks_of_us(int64_t us) const { return us * scheduler_.ticks_per_second() / 1'000'000; }

    SystemRequests& system_;
    Memory* const flash_;
    Memory* const uicr_;
    const std::unique_ptr<NrfFlash> timing_;
    const uint32_t page_bytes_;
    const Tick write_ticks_, erase_page_ticks_, erase_all_ticks_;

    std::vector<Tick> partly_erased_ticks_;  // by page
    uint32_t config_ = 0, icachecnf_ = 0, partial_duration_ms_ = 0;
    Tick busy_until_ticks_ = 0;
    bool last_was_write_ = false;
    bool warned_ = false;
    Line cache_enabled_;
};

}  // namespace tinysim::nrf
