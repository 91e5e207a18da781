// FICR, UICR, NVMC and the ROM table's identity on the bench: write and erase rules, times, what
// survives.
#include <algorithm>

#include "device_bench.h"
#include "soc/nrf/ficr.h"
#include "soc/nrf/nvmc.h"
#include "soc/nrf/uicr.h"

using namespace bench;

namespace {

constexpr Tick us = ticks_per_second / 1'000'000;
enum : uint32_t {
    READY = 0x400,
    READYNEXT = 0x408,
    CONFIG = 0x504,
    ERASEPAGE = 0x508,
    ERASEALL = 0x50C,
    ERASEUICR = 0x514,
    ERASEPAGEPARTIAL = 0x518,
    ICACHECNF = 0x540,
    IHIT = 0x548,
    IMISS = 0x54C,
    PSELRESET = 0x200
};
constexpr uint32_t REN = 0, WEN = 1, EEN = 2, ERASED = 0xFFFFFFFF;

struct Chip : NoRequests {
    tinysim::Memory flash{"flash", 0x100000, tinysim::MemoryKind::flash, 0xFF};
    bool runs_from_flash = true;
    Tick stalled_until = 0;
    void stall_cpu_until(Tick until) override { stalled_until = std::max(stalled_until, until); }
    tinysim::Memory* memory(std::string_view name) override {
        return name == "flash" ? &flash : nullptr;
    }
    bool fetches_from(const tinysim::Memory&) override { return runs_from_flash; }
};

struct Flash : Bench {
    Chip chip;
    tinysim::nrf::Uicr uicr{make("uicr", 0x10001000)};
    tinysim::nrf::Nvmc nvmc{make("nvmc", 0x4001E000)};

    tinysim::Construction make(const std::string& name, uint32_t address) {
        tinysim::Construction all{.name = name,
                                  .address = address,
                                  .scheduler = scheduler,
                                  .recorder = recorder,
                                  .dma = ram,
                                  .system = chip,
                                  .fabric = fabric};
        if (name == "nvmc") all.nodes["uicr"] = &uicr;
        return all;
    }
    uint32_t get(uint32_t offset) { return nvmc.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { nvmc.write(offset, value, 4); }
    bool store(uint32_t offset, uint32_t value, unsigned bytes = 4) {
        return chip.flash.on_store(offset, value, bytes);
    }
    uint32_t word(uint32_t offset) {
        uint32_t value = 0;
        std::memcpy(&value, chip.flash.data() + offset, 4);
        return value;
    }
};

}  // namespace

TEST(a_store_needs_wen_and_a_whole_word) {
    Flash t;
    EXPECT(!t.store(0x100, 0));
    t.set(CONFIG, EEN);
    EXPECT(!t.store(0x100, 0));
    t.set(CONFIG, WEN);
    EXPECT(!t.store(0x100, 0, 2));
    EXPECT(!t.store(0x101, 0, 1));
    EXPECT(t.store(0x100, 0));
}

TEST(a_write_only_clears_bits) {
    Flash t;
    t.set(CONFIG, WEN);
    t.store(0x100, 0xF0F0F0F0);
    t.store(0x100, 0xFF00FF00);
    EXPECT_EQUAL(t.word(0x100), 0xF000F000);
}

TEST(a_write_halts_a_cpu_that_runs_from_flash_for_41_us) {
    Flash t;
    t.set(CONFIG, WEN);
    t.store(0, 1);
    EXPECT_EQUAL(t.chip.stalled_until, 41 * us);
    EXPECT_EQUAL(t.get(READY), 0);
    t.run_to(41 * us);
    EXPECT_EQUAL(t.get(READY), 1);
}

TEST(from_ram_one_write_waits_behind_another_and_a_third_halts_the_cpu) {
    Flash t;
    t.chip.runs_from_flash = false;
    t.set(CONFIG, WEN);
    t.store(0, 1);
    EXPECT_EQUAL(t.get(READYNEXT), 1);
    t.store(4, 1);
    EXPECT_EQUAL(t.get(READYNEXT), 0);
    EXPECT_EQUAL(t.chip.stalled_until, 0);
    t.store(8, 1);
    EXPECT_EQUAL(t.chip.stalled_until, 82 * us);
    t.run_to(123 * us - 1);
    EXPECT_EQUAL(t.get(READY), 0);
    t.run_to(123 * us);
    EXPECT_EQUAL(t.get(READY), 1);
}

TEST(a_page_is_erased_in_85_ms_and_only_with_een) {
    Flash t;
    t.set(CONFIG, WEN);
    t.store(0x1FFC, 0);
    t.store(0x2000, 0);
    t.run_for(1000 * us);
    t.set(ERASEPAGE, 0x1000);
    EXPECT_EQUAL(t.word(0x1FFC), 0);
    EXPECT_EQUAL(t.recorder.warnings.size(), 1);
    t.set(CONFIG, EEN);
    t.set(ERASEPAGE, 0x1000);
    EXPECT_EQUAL(t.word(0x1FFC), ERASED);
    EXPECT_EQUAL(t.word(0x2000), 0);
    EXPECT_EQUAL(t.chip.stalled_until, 1000 * us + 85'000 * us);
}

TEST(partial_erases_add_up_to_one_erase) {
    Flash t;
    t.chip.flash.data()[0x3000] = 0;
    t.set(CONFIG, EEN);
    for (int step = 0; step < 9; ++step) {  // 9 steps of 10 ms
        EXPECT_EQUAL(t.word(0x3000), 0xFFFFFF00);
        t.set(ERASEPAGEPARTIAL, 0x3000);
        t.run_for(10'000 * us);
    }
    EXPECT_EQUAL(t.word(0x3000), ERASED);
}

TEST(uicr_is_written_like_flash_and_survives_a_reset) {
    Flash t;
    t.uicr.write(PSELRESET, 18, 4);
    EXPECT(t.uicr.take_refusal());
    t.set(CONFIG, WEN);
    t.uicr.write(PSELRESET, 18, 4);
    EXPECT(!t.uicr.take_refusal());
    t.nvmc.reset();
    t.uicr.reset();
    EXPECT_EQUAL(t.uicr.read(PSELRESET, 4), 18);
    EXPECT_EQUAL(t.get(CONFIG), REN);
    t.set(CONFIG, EEN);
    t.set(ERASEUICR, 1);
    EXPECT_EQUAL(t.uicr.read(PSELRESET, 4), ERASED);
}

TEST(erase_all_takes_flash_and_uicr) {
    Flash t;
    t.set(CONFIG, WEN);
    t.store(0, 0);
    t.uicr.write(PSELRESET, 18, 4);
    t.run_for(1000 * us);
    t.set(CONFIG, EEN);
    t.set(ERASEALL, 1);
    EXPECT_EQUAL(t.word(0), ERASED);
    EXPECT_EQUAL(t.uicr.read(PSELRESET, 4), ERASED);
    EXPECT_EQUAL(t.chip.stalled_until, 1000 * us + 169'000 * us);
}

TEST(icachecnf_turns_the_cache_and_its_counters_on) {
    Flash t;
    tinysim::FlashTiming& timing = *t.chip.flash.timing;
    EXPECT(!timing.can_be_resident());
    t.set(ICACHECNF, 0x101);
    EXPECT_EQUAL(t.get(ICACHECNF), 0x101);
    EXPECT(t.nvmc.output("ICACHE")->level());
    EXPECT(timing.can_be_resident());
    EXPECT(timing.wants_every_fetch());
    timing.fetch(0x100, 0);
    timing.fetch(0x104, 4);
    timing.fetch(0x108, 5);
    EXPECT_EQUAL(t.get(IHIT), 2);
    EXPECT_EQUAL(t.get(IMISS), 1);
    t.set(IHIT, 0);
    EXPECT_EQUAL(t.get(IHIT), 0);
    EXPECT(!t.nvmc.take_gap());
}

TEST(config_wen_empties_the_cache_and_keeps_it_empty) {
    Flash t;
    tinysim::FlashTiming& timing = *t.chip.flash.timing;
    t.set(ICACHECNF, 1);
    timing.fetch(0x100, 0);
    EXPECT(timing.touch(0x100));
    t.set(CONFIG, WEN);
    EXPECT(!timing.touch(0x100));
    timing.fetch(0x100, 100);
    EXPECT(!timing.touch(0x100));
    t.set(CONFIG, REN);
    EXPECT(!timing.touch(0x100));
    timing.fetch(0x100, 200);
    EXPECT(timing.touch(0x100));
}

TEST(ficr_tells_a_genuine_chip) {
    Flash t;
    tinysim::nrf::Ficr ficr{t.make("ficr", 0x10000000)};
    EXPECT_EQUAL(ficr.read(0x010, 4), 4096);
    EXPECT_EQUAL(ficr.read(0x014, 4), 256);
    EXPECT_EQUAL(ficr.read(0x100, 4), 0x52840);
    EXPECT_EQUAL(ficr.read(0x104, 4), 0x41414430);  // AAD0
    EXPECT_EQUAL(ficr.read(0x10C, 2), 256);
    EXPECT_EQUAL(ficr.read(0x110, 4), 1024);
    EXPECT_EQUAL(ficr.read(0x0A8, 4) >> 16, 0xFFFF);  // a 48-bit device address
    EXPECT(!ficr.take_gap());
    EXPECT_EQUAL(ficr.read(0x258, 4), ERASED);  // an undocumented trim word
    EXPECT(ficr.take_gap());
    ficr.write(0x100, 0, 4);
    EXPECT(ficr.take_refusal());
}

TEST(the_rom_table_and_ficr_tell_the_same_part_and_revision) {
    Flash t;
    tinysim::nrf::Ficr ficr{t.make("ficr", 0x10000000)};
    tinysim::nrf::RomTable table{t.make("romtable", 0xF0000000)};
    EXPECT_EQUAL(table.read(0xFE0, 4) & 0xFF, ficr.read(0x130, 4));
    EXPECT_EQUAL(table.read(0xFE4, 4) & 0x0F, 0);
    EXPECT_EQUAL((table.read(0xFE8, 4) & 0xF0) >> 4, ficr.read(0x134, 4));
    EXPECT_EQUAL(table.read(0xFEC, 4) & 0xF0, 0);
}

int main(int count, char** names) { return run(count, names); }
