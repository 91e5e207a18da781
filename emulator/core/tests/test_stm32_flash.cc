// FLASH of STM32F4 and STM32L4 on the bench: locks, program and erase with their times, ACR, wait states and clocks.
#include <algorithm>

#include "device_bench.h"
#include "soc/stm32/flash_f4.h"
#include "soc/stm32/flash_l4.h"

using namespace bench;

namespace {

constexpr Tick us = ticks_per_second / 1'000'000;
constexpr uint32_t KEY1 = 0x45670123, KEY2 = 0xCDEF89AB, OPTKEY1 = 0x08192A3B, OPTKEY2 = 0x4C5D6E7F, ERASED = 0xFFFFFFFF;
enum F4 : uint32_t { ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14 };
enum L4 : uint32_t { PDKEYR4 = 0x04, KEYR4 = 0x08, OPTKEYR4 = 0x0C, SR4 = 0x10, CR4 = 0x14, OPTR4 = 0x20, CFGR4 = 0x130 };
constexpr uint32_t PG = 1, SER = 2, MER = 4, PER = 2, STRT = 1u << 16, EOPIE = 1u << 24, ERRIE = 1u << 25, BSY = 1u << 16,
                   x16 = 1u << 8, x32 = 2u << 8, PGAERR = 1u << 5, PGPERR = 1u << 6, SIZERR = 1u << 6, PGSERR = 1u << 7,
                   PROGERR = 1u << 3, LOCK = 1u << 31;

struct Chip : NoRequests {
    tinysim::Memory flash{"flash", 0x100000, tinysim::MemoryKind::flash, 0xFF};
    bool runs_from_flash = true;
    Tick stalled_until = 0;
    void stall_cpu_until(Tick until) override { stalled_until = std::max(stalled_until, until); }
    tinysim::Memory* memory(std::string_view name) override { return name == "flash" ? &flash : nullptr; }
    bool fetches_from(const tinysim::Memory&) override { return runs_from_flash; }
};

using Numbers = std::map<std::string, int64_t>;
const Numbers f4_limits = {{"flash_max_hz_0", 30'000'000}, {"flash_max_hz_1", 60'000'000}, {"flash_max_hz_2", 90'000'000},
                           {"flash_max_hz_3", 120'000'000}, {"flash_max_hz_4", 150'000'000}, {"flash_max_hz_5", 168'000'000}};
const Numbers l4_plus = {{"flash_latency_bits", 4},           {"flash_page_bytes", 4096},
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

}  // namespace

TEST(reset_values_are_the_manuals) {
    F4Bench f4;
    EXPECT_EQUAL(f4.get(ACR), 0);
    EXPECT_EQUAL(f4.get(CR), 0x80000000);
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFFAAED);
    L4Bench l4;
    EXPECT_EQUAL(l4.get(ACR), 0x600);
    EXPECT_EQUAL(l4.get(CR4), 0xC0000000);
    EXPECT_EQUAL(l4.get(OPTR4), 0xFFEFF8AA);
    l4.get(CFGR4);
    EXPECT(l4.block.take_gap());
    L4Bench plus(l4_plus);
    EXPECT_EQUAL(plus.get(CFGR4), 0);
    EXPECT(!plus.block.take_gap());
}

TEST(acr_configures_the_timing) {
    F4Bench t;
    EXPECT(!t.timing().can_be_resident());
    t.set(ACR, 0x705);
    EXPECT_EQUAL(t.get(ACR), 0x705);
    EXPECT(t.timing().can_be_resident());
    EXPECT_EQUAL(t.timing().fetch(0, 0).cycles, 5);
    EXPECT(t.timing().touch(0));
    t.set(ACR, 0x105);
    t.set(ACR, 0x905);                      // ICRST works while the cache is off, and reads as 0
    EXPECT_EQUAL(t.get(ACR), 0x105);
    t.set(ACR, 0x705);
    EXPECT(!t.timing().touch(0));
    t.block.write(ACR, 3, 1);
    EXPECT_EQUAL(t.get(ACR), 0x703);
}

TEST(latency_has_three_bits_and_on_l4_plus_four) {
    F4Bench f4;
    f4.set(ACR, 0xF);
    EXPECT_EQUAL(f4.get(ACR), 7);
    L4Bench plus(l4_plus);
    plus.set(ACR, 0x60F);
    EXPECT_EQUAL(plus.get(ACR), 0x60F);
}

TEST(a_wrong_key_is_a_bus_error_and_locks_until_reset) {
    F4Bench t;
    t.set(KEYR, KEY2);
    EXPECT(t.block.take_refusal());
    t.set(KEYR, KEY1);
    EXPECT(t.block.take_refusal());
    EXPECT_EQUAL(t.get(CR), LOCK);
    t.block.reset();
    t.unlock(KEYR);
    EXPECT(!t.block.take_refusal());
    EXPECT_EQUAL(t.get(CR), 0);
    t.set(CR, LOCK | PG);
    t.set(CR, 0);
    EXPECT_EQUAL(t.get(CR), LOCK | PG);
}

TEST(f4_programs_in_the_width_of_psize_and_halts_a_cpu_that_runs_from_flash) {
    F4Bench t;
    EXPECT(t.store(0x100, 0));
    EXPECT_EQUAL(t.word(0x100), ERASED);
    EXPECT_EQUAL(t.get(SR), PGSERR);
    t.set(SR, PGSERR);
    t.unlock(KEYR);
    t.set(CR, PG | x16);
    t.store(0x100, 0);
    EXPECT_EQUAL(t.get(SR), PGPERR);
    t.set(SR, 0xFF);
    t.store(0x100, 0x1234, 2);
    EXPECT_EQUAL(t.word(0x100), 0xFFFF1234);
    EXPECT_EQUAL(t.get(SR), BSY);
    EXPECT_EQUAL(t.chip.stalled_until, 16 * us);
    t.run_to(16 * us);
    EXPECT_EQUAL(t.get(SR), 0);
    t.store(0x100, 0xFF00, 2);
    EXPECT_EQUAL(t.word(0x100), 0xFFFF1200);
}

TEST(f4_erases_sectors_of_three_sizes) {
    F4Bench t;
    for (uint32_t offset : {0x3FFCu, 0x4000u, 0x1FFFCu, 0x20000u, 0x3FFFCu, 0x40000u})
        std::memset(t.chip.flash.data() + offset, 0, 4);
    t.unlock(KEYR);
    t.set(CR, x32 | SER | 0u << 3 | STRT | EOPIE);
    EXPECT_EQUAL(t.word(0x3FFC), ERASED);
    EXPECT_EQUAL(t.word(0x4000), 0);
    EXPECT_EQUAL(t.chip.stalled_until, 250'000 * us);
    EXPECT(!t.block.output("IRQ")->level());
    t.run_to(250'000 * us);
    EXPECT_EQUAL(t.get(SR), 1);
    EXPECT(t.block.output("IRQ")->level());
    t.set(SR, 1);
    EXPECT(!t.block.output("IRQ")->level());
    EXPECT_EQUAL(t.get(CR) & STRT, 0);
    t.set(CR, x32 | SER | 5u << 3 | STRT);
    EXPECT_EQUAL(t.word(0x1FFFC), 0);
    EXPECT_EQUAL(t.word(0x20000), ERASED);
    EXPECT_EQUAL(t.word(0x3FFFC), ERASED);
    EXPECT_EQUAL(t.word(0x40000), 0);
    EXPECT_EQUAL(t.chip.stalled_until, 1'250'000 * us);
    t.run_to(1'250'000 * us);
    t.set(CR, MER | STRT);
    EXPECT_EQUAL(t.word(0x40000), ERASED);
    EXPECT_EQUAL(t.chip.stalled_until, 17'250'000 * us);
}

TEST(l4_programs_a_double_word_once_and_tells_each_mistake) {
    L4Bench t;
    t.unlock(KEYR4);
    t.set(CR4, PG | ERRIE);
    t.store(0x100, 0x11111111);
    EXPECT_EQUAL(t.get(SR4), 0);
    EXPECT_EQUAL(t.word(0x100), ERASED);
    t.store(0x104, 0x22222222);
    EXPECT_EQUAL(t.word(0x100), 0x11111111);
    EXPECT_EQUAL(t.word(0x104), 0x22222222);
    EXPECT_EQUAL(t.chip.stalled_until, 81'690 * (us / 8) / 125);    // 81.69 us
    t.run_for(1000 * us);
    t.store(0x100, 1);
    t.store(0x104, 0);
    EXPECT_EQUAL(t.get(SR4), PROGERR | 2);
    EXPECT(t.block.output("IRQ")->level());
    t.store(0x200, 1);
    EXPECT_EQUAL(t.get(SR4), PROGERR | PGSERR | 2);
    t.set(SR4, 0xFFFF);
    t.store(0x100, 0);
    t.store(0x104, 0);
    EXPECT_EQUAL(t.word(0x100), 0);
    t.run_for(1000 * us);
    t.store(0x204, 0);
    EXPECT_EQUAL(t.get(SR4) & PGAERR, PGAERR);
    t.set(SR4, 0xFFFF);
    t.store(0x200, 0, 2);
    EXPECT_EQUAL(t.get(SR4) & SIZERR, SIZERR);
}

TEST(l4_erases_pages_of_either_bank) {
    L4Bench t;
    for (uint32_t offset : {0x800u, 0x80800u, 0x81000u}) std::memset(t.chip.flash.data() + offset, 0, 4);
    t.unlock(KEYR4);
    t.set(CR4, PER | 1u << 3 | 1u << 11 | STRT);
    EXPECT_EQUAL(t.word(0x800), 0);
    EXPECT_EQUAL(t.word(0x80800), ERASED);
    EXPECT_EQUAL(t.word(0x81000), 0);
    EXPECT_EQUAL(t.chip.stalled_until, 22'020 * us);
    t.run_for(22'020 * us);
    t.set(CR4, 1u << 15 | STRT);
    EXPECT_EQUAL(t.word(0x81000), ERASED);
    EXPECT_EQUAL(t.word(0x800), 0);
}

TEST(option_bytes_are_registers_and_starting_them_is_a_gap) {
    F4Bench f4;
    f4.set(OPTCR, 0);
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFFAAED);
    f4.set(OPTKEYR, OPTKEY1);
    f4.set(OPTKEYR, OPTKEY2);
    f4.set(OPTCR, 0x0FFEAAEC);
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFEAAEC);
    EXPECT(!f4.block.take_gap());
    f4.set(OPTCR, 0x0FFEAAEE);
    EXPECT(f4.block.take_gap());
    L4Bench l4;
    l4.unlock(KEYR4);
    l4.set(OPTKEYR4, OPTKEY1);
    l4.set(OPTKEYR4, OPTKEY2);
    EXPECT_EQUAL(l4.get(CR4), 0);
    l4.set(CR4, 1u << 17);
    EXPECT(l4.block.take_gap());
}

TEST(run_pd_needs_its_keys_and_is_a_gap) {
    L4Bench t;
    t.set(ACR, 0x2600);
    EXPECT_EQUAL(t.get(ACR), 0x600);
    t.set(PDKEYR4, 0x04152637);
    t.set(PDKEYR4, 0xFAFBFCFD);
    t.set(ACR, 0x2600);
    EXPECT_EQUAL(t.get(ACR), 0x2600);
    EXPECT(t.block.take_gap());
}

TEST(a_clock_that_the_wait_states_do_not_allow_is_reported_once) {
    F4Bench t(f4_limits);
    t.block.clock_changed(16'000'000);
    t.set(ACR, 5);
    t.block.clock_changed(168'000'000);
    EXPECT_EQUAL(t.recorder.warnings.size(), 0);
    t.set(ACR, 1);
    t.set(ACR, 0x101);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
    EXPECT(t.recorder.warnings[0].text ==
           "flash_controller: HCLK is 168000000 Hz, but FLASH_ACR.LATENCY 1 allows 60000000 Hz: a chip would misread its "
           "flash; it takes LATENCY 5, set before the clock rises");
    t.block.clock_changed(180'000'000);
    EXPECT_EQUAL(t.recorder.warnings.size(), 2);
}

TEST(range_2_allows_less_clock) {
    L4Bench t(l4_plus);
    t.block.clock_changed(16'000'000);
    EXPECT_EQUAL(t.recorder.warnings.size(), 0);
    t.block.voltage_range_changed(tinysim::stm32::VoltageRange::range_2);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
    t.set(ACR, 0x601);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
}

TEST(a_snapshot_brings_the_caches_and_the_operation_back) {
    F4Bench t;
    t.set(ACR, 0x705);
    t.timing().fetch(0x40, 0);
    t.unlock(KEYR);
    t.set(CR, PG | x32);
    t.store(0x100, 0);
    tinysim::Snapshot snapshot;
    tinysim::Archive to(snapshot, nullptr, t.scheduler);
    t.scheduler.state(to);
    t.block.state(to);
    F4Bench u;
    tinysim::Archive from(snapshot, u.scheduler);
    u.scheduler.state(from);
    u.block.state(from);
    EXPECT_EQUAL(u.get(ACR), 0x705);
    EXPECT_EQUAL(u.get(SR), BSY);
    EXPECT(u.timing().touch(0x40));
    EXPECT(!u.timing().touch(0x50));
    u.run_to(16 * us);
    EXPECT_EQUAL(u.get(SR), 0);
}

int main(int count, char** names) { return run(count, names); }
