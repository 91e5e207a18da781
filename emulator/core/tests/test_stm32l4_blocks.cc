// Smaller STM32L4 blocks on the bench: EXTI's second bank, SYSCFG, GPIO's BRR and supply, CRC, the watchdog's window, the signature.
#include "soc/stm32/crc_l4.h"
#include "soc/stm32/exti.h"
#include "soc/stm32/gpio.h"
#include "soc/stm32/identity.h"
#include "soc/stm32/iwdg.h"
#include "soc/stm32/syscfg.h"
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32l4;
namespace soc = tinysim::stm32;

TEST(both_banks_of_exti_have_lines) {
    Chip c;
    soc::L4Exti exti{c.construction("exti")};
    exti.write(0x00, 1 << 3, 4);
    exti.write(0x08, 1 << 3, 4);
    exti.write(0x20, 1 << 3, 4);            // line 35
    exti.write(0x28, 1 << 3, 4);
    (*exti.input(35))(true);
    EXPECT(exti.output("35")->level());
    EXPECT(!exti.output("3")->level());
    EXPECT_EQUAL(exti.read(0x34, 4), 8);
    exti.write(0x34, 8, 4);
    EXPECT(!exti.output("35")->level());
    (*exti.input(3))(true);
    EXPECT(exti.output("3")->level());
}

TEST(syscfg_leads_a_pin_to_its_line) {
    Chip c;
    soc::L4Syscfg syscfg{c.construction("syscfg")};
    (*syscfg.input(2 * 16 + 13))(true);
    EXPECT(!syscfg.output("13")->level());
    syscfg.write(0x14, 2 << 4, 4);
    EXPECT(syscfg.output("13")->level());
    syscfg.write(0x1C, 1, 4);
    syscfg.write(0x1C, 0, 4);
    EXPECT_EQUAL(syscfg.read(0x1C, 4), 1);  // a lock
}

TEST(brr_clears_pins_and_asks_for_its_register) {
    Chip c;
    soc::Gpio port{c.construction("gpioPortC", {{"registerCount", 11}})};
    port.write(0x14, 0xFF, 4);
    port.write(0x28, 0x0F, 4);
    EXPECT_EQUAL(port.read(0x14, 4), 0xF0);
    EXPECT_EQUAL(port.read(0x28, 4), 0);
    soc::Gpio old{c.construction("f4", {})};
    old.write(0x28, 1, 4);
    EXPECT(old.take_gap());
}

TEST(pins_without_their_supply_are_cut_off) {
    Chip c;
    soc::Gpio port{c.construction("gpioPortG", {{"registerCount", 11}})};
    auto supply = *port.input(16);
    port.write(0x00, 1 << 14, 4);
    port.write(0x18, 1 << 7, 4);
    EXPECT(!port.output("7")->level());
    EXPECT_EQUAL(c.recorder.warnings.size(), 1);
    supply(true);
    EXPECT(port.output("7")->level());
}

TEST(crc_of_words_is_the_f4s) {
    Chip c;
    soc::L4Crc crc{c.construction("crc")};
    crc.write(0x00, 0x12345678, 4);
    EXPECT_EQUAL(crc.read(0x00, 4), 0xDF8A8A2B);
}

TEST(crc_32_of_bytes_reversed_is_that_of_zip) {
    Chip c;
    soc::L4Crc crc{c.construction("crc")};
    crc.write(0x08, 1 << 5 | 1 << 7 | 1, 4);
    for (char each : std::string("123456789")) crc.write(0x00, static_cast<uint8_t>(each), 1);
    EXPECT_EQUAL(crc.read(0x00, 4) ^ 0xFFFFFFFFu, 0xCBF43926);
}

TEST(crc_16_takes_its_own_polynomial) {
    Chip c;
    soc::L4Crc crc{c.construction("crc")};
    crc.write(0x14, 0x1021, 4);
    crc.write(0x10, 0xFFFF, 4);
    crc.write(0x08, 1 << 3 | 1, 4);
    for (char each : std::string("123456789")) crc.write(0x00, static_cast<uint8_t>(each), 1);
    EXPECT_EQUAL(crc.read(0x00, 4), 0x29B1);        // CRC-16/CCITT-FALSE
}

TEST(a_refresh_above_the_window_resets) {
    Chip c;
    soc::Iwdg iwdg{c.construction("iwdg", {{"windowOption", 1}})};
    iwdg.write(0x00, 0xCCCC, 4);
    iwdg.write(0x00, 0x5555, 4);
    iwdg.write(0x10, 0x7FF, 4);
    c.run_for(200 * microsecond);           // 5 cycles of LSI
    iwdg.write(0x00, 0xAAAA, 4);
    EXPECT_EQUAL(c.requests.resets, 1);
    iwdg.reset();
    iwdg.write(0x00, 0xCCCC, 4);
    iwdg.write(0x00, 0x5555, 4);
    iwdg.write(0x10, 0x7FF, 4);
    c.run_for(300'000 * microsecond);       // 0xFFF * 4 / 32 kHz are 512 ms
    iwdg.write(0x00, 0xAAAA, 4);
    EXPECT_EQUAL(c.requests.resets, 1);
}

TEST(the_signature_has_the_flash_size_behind_a_gap) {
    Chip c;
    soc::L4Signature signature{c.construction("signature")};
    EXPECT_EQUAL(signature.read(0x50, 2), 1024);
    (void)signature.read(0x20, 2);
    EXPECT(signature.take_gap());
}

int main(int count, char** names) { return run(count, names); }
