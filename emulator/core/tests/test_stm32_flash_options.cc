// Option bytes of the STM32 FLASH blocks on the bench: programming, loading, write protection, the read-out level.
#include "stm32_flash_bench.h"

using namespace bench;
using namespace bench::stm32_flash;

TEST(f4_option_bytes_act_when_they_are_programmed) {
    F4Bench f4;
    f4.set(OPTCR, 0);
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFFAAED);
    f4.set(OPTKEYR, OPTKEY1);
    f4.set(OPTKEYR, OPTKEY2);
    f4.set(OPTCR, 0x0FFDAAEC);                      // nWRP of sector 1
    f4.block.reset();
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFFAAED);        // not programmed
    f4.set(OPTKEYR, OPTKEY1);
    f4.set(OPTKEYR, OPTKEY2);
    f4.set(OPTCR, 0x0FFDAAEE);
    EXPECT_EQUAL(f4.get(SR) & BSY, BSY);
    f4.run_for(300'000 * us);
    f4.run_for(200'000 * us);
    EXPECT_EQUAL(f4.get(SR) & BSY, 0);
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFDAAEC);
    f4.block.reset();
    EXPECT_EQUAL(f4.get(OPTCR), 0x0FFDAAED);
    f4.unlock(KEYR);
    f4.set(CR, PG | x32);
    f4.store(0x4000, 0);
    EXPECT_EQUAL(f4.get(SR), WRPERR);
    EXPECT_EQUAL(f4.word(0x4000), ERASED);
    f4.store(0x8000, 0);
    EXPECT_EQUAL(f4.word(0x8000), 0);
}

TEST(f4_lowering_the_read_out_level_erases_the_flash) {
    F4Bench f4;
    f4.chip.flash.data()[0x100] = 7;
    for (const uint32_t level : {0x55u, 0xAAu}) {
        f4.set(OPTKEYR, OPTKEY1);
        f4.set(OPTKEYR, OPTKEY2);
        EXPECT_EQUAL(f4.word(0x100) & 0xFF, 7);
        f4.set(OPTCR, 0x0FFF00EE | level << 8);
        f4.run_for(20'000'000 * us);
        f4.set(OPTCR, f4.get(OPTCR) | 1);
    }
    EXPECT_EQUAL(f4.word(0x100), ERASED);
}

TEST(l4_option_bytes_act_when_they_are_loaded) {
    constexpr uint32_t WRP1AR4 = 0x2C, OPTSTRT = 1u << 17, OBL_LAUNCH = 1u << 27, page_1 = 1 << 16 | 1;
    L4Bench l4;
    l4.set(WRP1AR4, page_1);
    EXPECT_EQUAL(l4.get(WRP1AR4), 0xFF00FFFF);      // locked
    l4.unlock(KEYR4);
    l4.set(OPTKEYR4, OPTKEY1);
    l4.set(OPTKEYR4, OPTKEY2);
    l4.set(WRP1AR4, page_1);
    l4.set(CR4, OPTSTRT);
    EXPECT_EQUAL(l4.get(SR4) & BSY, BSY);
    l4.run_for(30'000 * us);
    EXPECT_EQUAL(l4.get(CR4), 0);
    l4.set(CR4, PG);
    l4.store(0x800, 0);
    l4.store(0x804, 0);
    EXPECT_EQUAL(l4.get(SR4) & ~BSY, 0);                   // not loaded yet
    l4.run_for(100 * us);
    l4.set(CR4, OBL_LAUNCH);
    EXPECT_EQUAL(l4.chip.reset_cause, 1 << 25);
    l4.block.note_reset(1 << 25);
    l4.block.reset();
    EXPECT_EQUAL(l4.get(WRP1AR4) & 0x00FF00FF, page_1);
    l4.unlock(KEYR4);
    l4.set(CR4, PER | 1 << 3 | STRT);
    EXPECT_EQUAL(l4.get(SR4), WRPERR);
    EXPECT_EQUAL(l4.word(0x800), 0);
}

int main(int count, char** names) { return run(count, names); }
