// FLASH of STM32F4 and STM32L4 on the bench: locks, program and erase with their times, ACR, wait states and clocks.
#include "stm32_flash_bench.h"

using namespace bench;
using namespace bench::stm32_flash;

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
