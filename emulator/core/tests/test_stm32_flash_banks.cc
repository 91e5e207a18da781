// Two banks of STM32 flash on the bench: sectors and protection of the F429, the swap of banks, fast programming of the L4.
#include "soc/stm32/syscfg.h"
#include "stm32_flash_bench.h"

using namespace bench;
using namespace bench::stm32_flash;
namespace soc = tinysim::stm32;

namespace {

constexpr uint32_t OPTCR1 = 0x18, DB1M = 1u << 30, MER1 = 1u << 15, MER1_L4 = 4, MER2_L4 = 1u << 15, BKER = 1u << 11, FSTPG = 1u << 18,
                   MISERR = 1u << 8, FASTERR = 1u << 9, FB_MODE = 1u << 8, BFB2 = 1u << 20;
constexpr uint32_t half = 0x80000;
constexpr Tick fast = us * 59'690 / 1000;

tinysim::Construction with_series(tinysim::Construction construction) {
    construction.numbers["series"] = 429;
    return construction;
}

struct F429Bench : Bench {
    Chip chip;
    soc::F4Flash block{with_series({.name = "flash_controller", .scheduler = scheduler, .recorder = recorder, .dma = ram, .system = chip, .fabric = fabric})};
    F429Bench() {
        block.reset();
        unlock(KEYR, KEY1, KEY2);
    }
    uint32_t get(uint32_t offset) { return block.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { block.write(offset, value, 4); }
    void unlock(uint32_t offset, uint32_t first, uint32_t second) {
        set(offset, first);
        set(offset, second);
    }
    void program_options(uint32_t optcr, uint32_t optcr1) {
        unlock(OPTKEYR, OPTKEY1, OPTKEY2);
        set(OPTCR1, optcr1);
        set(OPTCR, optcr | 2);
        run_for(20'000'000 * us);
        set(SR, 0xF3);
    }
    uint8_t byte(uint32_t offset) { return chip.flash.data()[offset]; }
    void fill() { std::fill_n(chip.flash.data(), chip.flash.size(), uint8_t{0}); }
    void operate(uint32_t cr) {
        set(CR, cr | x32 | STRT);
        run_for(20'000'000 * us);
    }
};

struct L4Banks : L4Bench {
    soc::L4Syscfg syscfg{{.name = "syscfg", .scheduler = scheduler, .recorder = recorder, .dma = ram, .system = chip, .fabric = fabric}};
    explicit L4Banks(const Numbers& numbers = {}) : L4Bench(numbers) {
        block.output("Boot2")->connect(*syscfg.input(176));
        syscfg.output("BankSwap")->connect(*block.input(0));
        unlock(KEYR4);
    }
    void reset_chip(uint32_t cause) {
        block.note_reset(cause);
        block.reset();
        syscfg.reset();
        unlock(KEYR4);
    }
    void operate(uint32_t cr) {
        set(CR4, cr | STRT);
        run_for(30'000 * us);
    }
};

}  // namespace

TEST(a_part_of_1_mb_has_a_second_bank_with_db1m) {
    F429Bench f4;
    f4.fill();
    f4.operate(SER | 17 << 3);
    EXPECT_EQUAL(f4.get(SR) & PGSERR, PGSERR);              // one bank: no sector 13
    f4.set(SR, 0xF3);
    f4.program_options(0x0FFFAAEC | DB1M, 0x0FFF0000);
    f4.operate(SER | 17 << 3);
    EXPECT_EQUAL(f4.get(SR), 0);
    EXPECT_EQUAL(f4.byte(half + 0x4000), 0xFF);
    EXPECT_EQUAL(f4.byte(half + 0x7FFF), 0xFF);
    EXPECT_EQUAL(f4.byte(half), 0);
    EXPECT_EQUAL(f4.byte(half + 0x8000), 0);
    f4.operate(SER | 8 << 3);
    EXPECT_EQUAL(f4.get(SR) & PGSERR, PGSERR);              // a bank of 512 KB ends with sector 7
    f4.set(SR, 0xF3);
    f4.operate(MER1);
    EXPECT_EQUAL(f4.byte(0), 0);
    EXPECT_EQUAL(f4.byte(2 * half - 1), 0xFF);
}

TEST(optcr1_protects_sectors_of_the_second_bank) {
    F429Bench f4;
    EXPECT_EQUAL(f4.get(OPTCR1), 0x0FFF0000);
    f4.set(OPTCR1, 0);
    EXPECT_EQUAL(f4.get(OPTCR1), 0x0FFF0000);               // locked
    f4.program_options(0x0FFFAAEC | DB1M, 0x0FFD0000);
    f4.operate(SER | 17 << 3);
    EXPECT_EQUAL(f4.get(SR) & WRPERR, WRPERR);
    f4.set(SR, 0xF3);
    f4.operate(MER1);
    EXPECT_EQUAL(f4.get(SR) & WRPERR, WRPERR);
    f4.set(SR, 0xF3);
    f4.operate(SER | 18 << 3);
    EXPECT_EQUAL(f4.get(SR), 0);
}

TEST(fb_mode_swaps_the_banks_and_pages_keep_their_numbers) {
    L4Banks l4;
    l4.chip.flash.data()[0] = 1;
    l4.chip.flash.data()[half] = 2;
    l4.syscfg.write(0, FB_MODE, 4);
    EXPECT(!l4.syscfg.take_gap());
    EXPECT_EQUAL(l4.chip.flash.data()[0], 2);
    EXPECT_EQUAL(l4.chip.flash.data()[half], 1);
    l4.operate(PER | BKER);                                 // page 0 of bank 2, which stands first
    EXPECT_EQUAL(l4.chip.flash.data()[0], 0xFF);
    EXPECT_EQUAL(l4.chip.flash.data()[half], 1);
    l4.operate(MER1_L4);
    EXPECT_EQUAL(l4.chip.flash.data()[half], 0xFF);
    l4.syscfg.write(0, 3, 4);
    EXPECT(l4.syscfg.take_gap());                           // SRAM at address 0
}

TEST(bfb2_starts_from_bank_2_if_a_stack_pointer_is_there) {
    constexpr uint32_t OPTSTRT = 1u << 17, option_reset = 1u << 25, software_reset = 1u << 28;
    L4Banks l4;
    l4.set(OPTKEYR4, OPTKEY1);
    l4.set(OPTKEYR4, OPTKEY2);
    l4.set(OPTR4, l4.get(OPTR4) | BFB2);
    l4.set(CR4, OPTSTRT);
    l4.run_for(30'000 * us);
    l4.reset_chip(option_reset);
    EXPECT_EQUAL(l4.syscfg.read(0, 4), 0);                  // bank 2 is empty
    const uint32_t stack = 0x20010000;
    std::memcpy(l4.chip.flash.data() + half, &stack, sizeof stack);
    l4.reset_chip(software_reset);
    EXPECT_EQUAL(l4.syscfg.read(0, 4), FB_MODE);
    EXPECT_EQUAL(l4.word(0), stack);
    l4.reset_chip(software_reset);
    EXPECT_EQUAL(l4.word(0), stack);
    l4.operate(MER2_L4);
    l4.reset_chip(software_reset);
    EXPECT_EQUAL(l4.syscfg.read(0, 4), 0);
    EXPECT_EQUAL(l4.recorder.warnings.size(), 0);
}

TEST(fast_programming_takes_a_row_in_its_order_and_time) {
    L4Banks l4;
    l4.set(CR4, FSTPG);
    EXPECT(!l4.block.take_gap());
    for (uint32_t offset = 0; offset < 256; offset += 4) l4.store(offset, offset);
    EXPECT_EQUAL(l4.get(SR4), BSY);
    l4.run_for(32 * fast);
    EXPECT_EQUAL(l4.get(SR4), 0);
    EXPECT_EQUAL(l4.word(252), 252);
    l4.store(264, 1);                                       // not at a row's begin
    EXPECT_EQUAL(l4.get(SR4), FASTERR | PGAERR);
    l4.set(SR4, 0xC3FB);
    l4.store(256, 1);
    l4.store(260, 1);
    l4.run_for(3 * fast);
    l4.store(264, 1);                                       // too late
    EXPECT_EQUAL(l4.get(SR4), FASTERR | MISERR);
    l4.set(SR4, 0xC3FB);
    l4.store(512, 1, 2);
    EXPECT_EQUAL(l4.get(SR4), FASTERR | SIZERR);
}

int main(int count, char** names) { return bench::run(count, names); }
