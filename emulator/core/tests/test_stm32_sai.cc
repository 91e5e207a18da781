// SAI on the bench: frame times from a clock of 16 MHz, A sends to B that follows it, FIFO levels, the flags of what goes wrong,
// words of a microphone. With MCKDIV 1 MCLK is 8 MHz and a frame 256 of its clocks.
#include "parts/i2s_microphone.h"
#include "soc/stm32/sai.h"
#include "stm32l4_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace tinysim::stm32::sai;

namespace {

constexpr uint32_t a = half_at, b = half_at + half_step;
constexpr uint32_t bits_16 = 4u << size_at, once = 1u << divider_at, two_slots = 1u << slots_at | 3u << enabled_at;
constexpr Tick frame = 512 * at_16_mhz;

struct Joined : Chip {
    tinysim::stm32::Sai sai{construction("sai1", {{"joined", 1}})};

    uint32_t get(uint32_t offset) { return sai.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { sai.write(offset, value, 4); }
    void set_up(uint32_t base, uint32_t control) {
        set(base + FRCR, 31);
        set(base + SLOTR, two_slots | 1u << slot_size_at);
        set(base + CR1, control);
    }
    void start() {
        set_up(b, bits_16 | receiver | slave | synchronous | SAIEN);
        set_up(a, bits_16 | once);
        set(a + CR1, bits_16 | once | SAIEN);
    }
    uint32_t level(uint32_t base) { return get(base + SR) >> level_at & 7; }
};

}  // namespace

// SAI1 of an L4+ on HSI16, which CCIPR2.SAI1SEL selects.
namespace l4 {
constexpr uint32_t RCC_CR = bench::stm32l4::CR, CCIPR2 = 0x9C;
struct Sound : bench::stm32l4::L4Chip {
    tinysim::stm32::Sai sai{construction("sai1", {{"plus", 1}, {"gate", 0x6015}, {"clockSelectionA", 37}}, {{"rcc", &rcc}})};

    Sound() {
        rcc_set(bench::stm32l4::APB2ENR, 1u << 21);
        rcc_set(RCC_CR, rcc_get(RCC_CR) | 1u << 8);
        rcc_set(CCIPR2, 4u << 5);
        run_for(10 * microsecond);
    }
    void set(uint32_t offset, uint32_t value) { sai.write(offset, value, 4); }
    uint32_t level(uint32_t base) { return sai.read(base + SR, 4) >> level_at & 7; }
};
}  // namespace l4

TEST(words_of_a_arrive_at_b_slot_by_slot) {
    Joined s;
    s.set(a + DR, 0x1111);
    s.set(a + DR, 0xFFFF2222);
    s.start();
    s.run_to(frame / 2 - 1);
    EXPECT_EQUAL(s.level(b), 0);
    s.run_to(frame / 2);
    EXPECT_EQUAL(s.get(b + SR) & FREQ, FREQ);
    EXPECT_EQUAL(s.get(b + DR), 0x1111);
    s.set(a + DR, 0x3333);
    s.run_to(frame);
    EXPECT_EQUAL(s.get(b + DR), 0x2222);
    s.run_to(frame + frame / 2);
    EXPECT_EQUAL(s.get(b + DR), 0x3333);
}

TEST(an_empty_transmitter_and_a_full_receiver_are_told) {
    Joined s;
    s.set(a + IM, OVRUDR);
    s.set(a + DR, 1);
    s.start();
    s.run_to(frame / 2);
    EXPECT(s.sai.output("IRQ")->level());
    EXPECT_EQUAL(s.get(a + SR) & OVRUDR, OVRUDR);
    s.run_to(4 * frame);
    EXPECT_EQUAL(s.level(b), 5);
    EXPECT_EQUAL(s.get(b + SR) & OVRUDR, 0);
    s.run_to(5 * frame);
    EXPECT_EQUAL(s.get(b + SR) & OVRUDR, OVRUDR);
    s.set(b + CLRFR, OVRUDR);
    EXPECT_EQUAL(s.get(b + SR) & OVRUDR, 0);
    EXPECT_EQUAL(s.recorder.warnings.size(), 2);
}

TEST(a_receivers_words_and_losses_are_counted) {
    Joined s;
    s.start();
    s.run_to(5 * frame);
    for (int i = 0; i < 3; ++i) (void)s.get(b + DR);
    EXPECT_EQUAL(s.recorder.counter("sai1.b.samples_produced"), 10);
    EXPECT_EQUAL(s.recorder.counter("sai1.b.samples_lost"), 2);
    EXPECT_EQUAL(s.recorder.counter("sai1.b.samples_read"), 3);
    EXPECT_EQUAL(s.recorder.counter("sai1.a.samples_produced"), 0);
}

TEST(the_lowest_bit_first_is_another_order_on_the_wire) {
    Joined s;
    s.set(a + DR, 0x8003);
    s.set_up(b, bits_16 | receiver | slave | synchronous | SAIEN);
    s.set_up(a, bits_16 | once | LSBFIRST);
    s.set(a + CR1, bits_16 | once | LSBFIRST | SAIEN);
    s.run_to(frame / 2);
    EXPECT_EQUAL(s.get(b + DR), 0xC001);
}

TEST(a_microphone_gives_the_word_of_its_slot) {
    Joined s;
    tinysim::I2sMicrophone right{s.construction("right")};
    tinysim::Recording quarter{.columns = 1, .values = {28'217'270 / 4, -28'217'270 / 4}, .times = {0, second}, .end = 2 * second};
    EXPECT(right.play(quarter));
    EXPECT(s.sai.word_sockets()->attach(1, *right.word_source()));
    s.set(a + FRCR, 63);
    s.set(a + SLOTR, two_slots | 2u << slot_size_at);
    s.set(a + CR1, 6u << size_at | once | receiver | SAIEN);
    s.run_to(frame);
    EXPECT_EQUAL(s.get(a + DR), 0);
    EXPECT_EQUAL(s.get(a + DR), 0x200000);                  // a quarter of 24 bits
    const int32_t middle = right.word_source()->word(second / 2) >> 8;
    EXPECT(middle > -200 && middle < 200);
    EXPECT_EQUAL(right.word_source()->word(second), static_cast<int32_t>(0xE0000000));
    EXPECT_EQUAL(right.word_source()->word(2 * second), 0); // silence behind its end
}

TEST(only_a_sai_with_pdm_has_its_registers) {
    Joined s;
    (void)s.get(PDMCR);
    EXPECT(s.sai.take_gap());
    EXPECT(s.sai.pdm_sockets() == nullptr);
}

TEST(requests_follow_the_threshold) {
    Joined s;
    s.set(a + CR2, 2);                          // half full
    s.set(a + CR1, bits_16 | DMAEN);
    for (int words = 0; words < 4; ++words) {
        EXPECT(s.sai.output("DmaA")->level());
        s.set(a + DR, 0);
    }
    EXPECT(!s.sai.output("DmaA")->level());
    EXPECT_EQUAL(s.level(a), 2);
    s.set(a + CR2, 2 | FFLUSH);
    EXPECT_EQUAL(s.level(a), 0);
    EXPECT_EQUAL(s.get(a + CR2), 2);
}

TEST(without_mclk_the_divider_gives_the_bit_clock_and_mono_sends_a_word_once) {
    Joined s;
    s.set(a + DR, 7);
    s.set(a + DR, 8);
    s.set_up(a, bits_16 | once | NODIV | MONO);
    s.set(a + CR1, bits_16 | once | NODIV | MONO | SAIEN);
    EXPECT_EQUAL(s.level(a), 1);
    s.run_to(64 * at_16_mhz - 1);
    EXPECT_EQUAL(s.level(a), 1);
    s.run_to(64 * at_16_mhz);                   // 32 bits of 8 MHz
    EXPECT_EQUAL(s.level(a), 0);
}

TEST(a_frame_that_is_no_power_of_two_needs_nodiv) {
    Joined s;
    s.set(a + FRCR, 47);
    s.set(a + CR1, bits_16 | SAIEN);
    EXPECT_EQUAL(s.get(a + SR) & WCKCFG, WCKCFG);
    EXPECT_EQUAL(s.get(a + CR1) & SAIEN, 0);
}

TEST(other_protocols_and_outside_clocks_are_gaps) {
    Joined s;
    s.set(a + CR1, bits_16 | 1u << 2);
    EXPECT(s.sai.take_gap());
    s.set(a + CR1, bits_16 | slave | SAIEN);
    EXPECT(s.sai.take_gap());
    s.set(0, 1);
    EXPECT(s.sai.take_gap());
}

TEST(fewer_slots_than_have_passed_end_the_frame) {
    Joined s;
    s.set(a + SLOTR, 15u << slots_at);
    s.set(a + FRCR, 255);
    s.set(a + CR1, bits_16 | once | SAIEN);
    s.run_to(frame / 2);
    s.set(a + SLOTR, two_slots);
    for (uint32_t word = 0; word < 8; ++word) s.set(a + DR, word);
    s.run_for(2 * frame);
    EXPECT_EQUAL(s.level(a), 2);                    // 4 of 8 words are left
}

TEST(a_kernel_clock_that_stands_still_holds_the_slots) {
    l4::Sound s;
    s.set(a + SLOTR, two_slots);
    s.set(a + FRCR, 31);
    for (uint32_t word = 0; word < 8; ++word) s.set(a + DR, word);
    s.set(a + CR1, bits_16 | 1u << divider_at | SAIEN);
    s.run_for(microsecond);
    s.rcc_set(l4::CCIPR2, 3u << 5);         // the pin, where nothing is
    s.run_for(1000 * microsecond);
    EXPECT_EQUAL(s.level(a), 3);                    // 6 words: the slot under way ended, the next waits with its word
    s.rcc_set(l4::CCIPR2, 4u << 5);
    s.run_for(1000 * microsecond);
    EXPECT_EQUAL(s.level(a), 0);
    EXPECT_EQUAL(s.recorder.warnings.size(), 2);    // the clock, and that nothing is left to send
}

TEST(after_stop_the_slots_go_on_from_there) {
    l4::Sound s;
    s.set(a + SLOTR, two_slots);
    s.set(a + FRCR, 31);
    for (uint32_t word = 0; word < 8; ++word) s.set(a + DR, word);
    s.set(a + CR1, bits_16 | 1u << divider_at | SAIEN);
    s.run_for(microsecond);
    s.rcc.stop();
    s.run_for(second);
    s.rcc.restart();
    s.rcc_set(l4::RCC_CR, s.rcc_get(l4::RCC_CR) | 1u << 8);
    s.run_for(20 * microsecond);
    EXPECT_EQUAL(s.level(a), 3);                    // one slot of 8 us has passed, and two of those before
}

int main(int count, char** names) { return bench::run(count, names); }
