// The bench for the STM32 FLASH blocks: 1 MB of flash, a CPU that runs from it, F4Bench and L4Bench with keys and stores.
#pragma once

#include <algorithm>

#include "device_bench.h"
#include "soc/stm32/flash_f4.h"
#include "soc/stm32/flash_l4.h"

namespace bench::stm32_flash {

inline constexpr Tick us = ticks_per_second / 1'000'000;
inline constexpr uint32_t KEY1 = 0x45670123, KEY2 = 0xCDEF89AB, OPTKEY1 = 0x08192A3B, OPTKEY2 = 0x4C5D6E7F, ERASED = 0xFFFFFFFF;
enum F4 : uint32_t { ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14 };
enum L4 : uint32_t { PDKEYR4 = 0x04, KEYR4 = 0x08, OPTKEYR4 = 0x0C, SR4 = 0x10, CR4 = 0x14, OPTR4 = 0x20, CFGR4 = 0x130 };
inline constexpr uint32_t PG = 1, SER = 2, MER = 4, PER = 2, STRT = 1u << 16, EOPIE = 1u << 24, ERRIE = 1u << 25, BSY = 1u << 16,
                   x16 = 1u << 8, x32 = 2u << 8, PGAERR = 1u << 5, PGPERR = 1u << 6, SIZERR = 1u << 6, PGSERR = 1u << 7,
                   PROGERR = 1u << 3, WRPERR = 1u << 4, LOCK = 1u << 31;

struct Chip : NoRequests {
    tinysim::Memory flash{"flash", 0x100000, tinysim::MemoryKind::flash, 0xFF};
    bool runs_from_flash = true;
    Tick stalled_until = 0;
    uint32_t reset_cause = 0;
    void reset_system(uint32_t cause) override { reset_cause = cause; }
    void stall_cpu_until(Tick until) override { stalled_until = std::max(stalled_until, until); }
    tinysim::Memory* memory(std::string_view name) override { return name == "flash" ? &flash : nullptr; }
    bool fetches_from(const tinysim::Memory&) override { return runs_from_flash; }
};

using Numbers = std::map<std::string, int64_t>;
inline const Numbers f4_limits = {{"flash_max_hz_0", 30'000'000}, {"flash_max_hz_1", 60'000'000}, {"flash_max_hz_2", 90'000'000},
                           {"flash_max_hz_3", 120'000'000}, {"flash_max_hz_4", 150'000'000}, {"flash_max_hz_5", 168'000'000}};
inline const Numbers l4_plus = {{"flash_latency_bits", 4},           {"flash_page_bytes", 4096},
                         {"flash_max_hz_0", 20'000'000},      {"flash_max_hz_1", 40'000'000},
                         {"flash_range_2_max_hz_0", 8'000'000}, {"flash_range_2_max_hz_1", 16'000'000}};

template <class Block>
struct Flash : Bench {
    Chip chip;
    Block block;
    explicit Flash(const Numbers& numbers = {}) : block(make(numbers)) { block.reset(); }

    tinysim::Construction make(const Numbers& numbers) {
        return {.name = "flash_controller", .chip = numbers, .scheduler = scheduler, .recorder = recorder,
                .dma = ram, .system = chip, .fabric = fabric};
    }
    uint32_t get(uint32_t offset) { return block.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { block.write(offset, value, 4); }
    bool store(uint32_t offset, uint32_t value, unsigned bytes = 4) { return chip.flash.on_store(offset, value, bytes); }
    uint32_t word(uint32_t offset) {
        uint32_t value = 0;
        std::memcpy(&value, chip.flash.data() + offset, 4);
        return value;
    }
    tinysim::FlashTiming& timing() { return *chip.flash.timing; }
    void unlock(uint32_t keyr) {
        set(keyr, KEY1);
        set(keyr, KEY2);
    }
};
using F4Bench = Flash<tinysim::stm32::F4Flash>;
using L4Bench = Flash<tinysim::stm32::L4Flash>;

}  // namespace bench::stm32_flash
