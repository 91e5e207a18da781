// DAC of the STM32F4 and L4+ on the bench: data registers, triggers and their clocks, waves, DMA, what an ADC hears.
#include "soc/stm32/adc.h"
#include "soc/stm32/adc_common.h"
#include "soc/stm32/dac.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;

namespace {

enum Offset : uint32_t { control_at = 0x00, SWTRIGR = 0x04, DHR12R1 = 0x08, DHR12L1 = 0x0C, DHR8R1 = 0x10, DHR12R2 = 0x14, DHR12RD = 0x20,
                         DHR12LD = 0x24, DHR8RD = 0x28, DOR1 = 0x2C, DOR2 = 0x30, SR = 0x34 };
enum Bits : uint32_t { EN = 1, TEN = 4, software = 7 << 3, noise = 1 << 6, triangle = 2 << 6, DMAEN = 1 << 12, DMAUDRIE = 1 << 13 };

struct Analog : ClockedChip {
    tinysim::stm32::Dac dac{construction("dac", {{"gate", 0x401D}}, {{"rcc", &rcc}})};
    tinysim::stm32::Adc adc{construction("adc1", {{"gate", 0x4408}, {"dacChannel", 4}}, {{"rcc", &rcc}, {"dac", &dac}})};
    Analog() {
        rcc_set(APB1ENR, 1 << 29);
        rcc_set(APB2ENR, 1 << 8);
    }
    uint32_t get(uint32_t offset) { return dac.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { dac.write(offset, value, 4); }
    uint32_t trigger_by_software() {
        set(SWTRIGR, 1);
        run_for(at_16_mhz);
        return get(DOR1);
    }
};

}  // namespace

TEST(data_registers_are_views_of_one) {
    Analog a;
    a.set(DHR12RD, 0x0ABC0123);
    EXPECT_EQUAL(a.get(DHR12R1), 0x123);
    EXPECT_EQUAL(a.get(DHR12L1), 0x1230);
    EXPECT_EQUAL(a.get(DHR8R1), 0x12);
    EXPECT_EQUAL(a.get(DHR12R2), 0xABC);
    EXPECT_EQUAL(a.get(DHR12LD), 0xABC01230);
    EXPECT_EQUAL(a.get(DHR8RD), 0xAB12);
    a.set(DHR8RD, 0x3456);
    EXPECT_EQUAL(a.get(DHR12RD), 0x03400560);
}

TEST(a_write_is_out_a_clock_later_and_triggers_wait) {
    Analog a;
    a.set(control_at, EN);
    a.set(DHR12R1, 100);
    EXPECT_EQUAL(a.get(DOR1), 0);
    a.run_for(at_16_mhz);
    EXPECT_EQUAL(a.get(DOR1), 100);
    a.set(control_at, EN | TEN | 4 << 3);
    a.set(DHR12R1, 200);
    a.run_for(100 * at_16_mhz);
    EXPECT_EQUAL(a.get(DOR1), 100);
    const auto trigger = *a.dac.input(4);
    trigger(true);
    trigger(false);
    a.run_for(3 * at_16_mhz - 1);
    EXPECT_EQUAL(a.get(DOR1), 100);
    a.run_for(1);
    EXPECT_EQUAL(a.get(DOR1), 200);
    EXPECT_EQUAL(a.recorder.level_changes.size(), 2);
    EXPECT_EQUAL(a.recorder.level_changes[1].value, 200);
}

TEST(noise_begins_as_in_the_manual_and_triangles_turn) {
    Analog a;
    a.set(control_at, EN | TEN | software | noise | 11 << 8);
    EXPECT_EQUAL(a.trigger_by_software(), 0xAAA);
    EXPECT_EQUAL(a.trigger_by_software(), 0xD55);
    a.set(control_at, EN | TEN | software | triangle | 1 << 8);
    a.set(DHR12R1, 4093);
    for (uint32_t wanted : {4093u, 4094u, 4095u, 4095u, 4095u, 4094u, 4093u, 4094u}) EXPECT_EQUAL(a.trigger_by_software(), wanted);
}

TEST(a_dma_that_is_late_is_an_underrun) {
    Analog a;
    a.set(control_at, EN | TEN | DMAEN | DMAUDRIE);
    const auto trigger = *a.dac.input(0);
    tinysim::Line& request = *a.dac.output("DmaChannel1");
    const auto pulse = [&] { trigger(true), trigger(false); };
    pulse();
    EXPECT(request.level());
    a.set(DHR12R1, 7);
    EXPECT(!request.level());
    pulse();
    pulse();
    EXPECT_EQUAL(a.get(SR), 1 << 13);
    EXPECT(a.dac.output("IRQ")->level());
    EXPECT_EQUAL(a.recorder.warnings.size(), 1);
    a.set(SR, 1 << 13);
    EXPECT(!a.dac.output("IRQ")->level());
}

TEST(an_adc_hears_the_dac_on_its_pin) {
    Analog a;
    a.set(control_at, EN);
    a.set(DHR12R1, 1234);
    a.adc.write(0x08, 1, 4);
    a.adc.write(0x34, 4, 4);
    a.run_for(10 * microsecond);
    a.adc.write(0x08, 1 | 1 << 30, 4);
    a.run_for(10 * microsecond);
    EXPECT_EQUAL(a.adc.read(0x4C, 4), 1234);
    EXPECT_EQUAL(a.recorder.warnings.size(), 0);
}

TEST(the_l4_plus_has_four_bits_of_tsel_and_no_model_of_sample_and_hold) {
    Analog a;
    tinysim::stm32::Dac plus{a.construction("dac1", {{"sampleAndHold", 1}, {"triggerBits", 4}})};
    plus.write(control_at, EN | 2 | 5 << 2, 4);
    plus.write(DHR12R1, 99, 4);
    (*plus.input(5))(true);
    a.run_for(3 * at_16_mhz);
    EXPECT_EQUAL(plus.read(DOR1, 4), 99);
    EXPECT(!plus.take_gap());
    plus.write(0x3C, 4, 4);
    EXPECT(plus.take_gap());
}

int main(int count, char** names) { return bench::run(count, names); }
