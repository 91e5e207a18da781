// The PDM interface of SAI1 on the bench: which bits of which microphone stand where in a frame, and when they were taken.
#include "soc/stm32/sai.h"
#include "stm32_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace tinysim::stm32::sai;

namespace {

constexpr uint32_t a = half_at;

// The same eight bits over and over, the first one highest.
struct Repeats : tinysim::PdmSource {
    explicit Repeats(uint8_t byte) : byte(byte) {}
    uint64_t bits(Tick from, Tick period_ticks, unsigned count) override {
        if (first_from < 0) first_from = from;
        period = period_ticks;
        uint64_t bits = 0;
        for (unsigned i = 0; i < count; ++i) bits |= uint64_t{byte >> (7 - i % 8) & 1u} << i;
        return bits;
    }
    const uint8_t byte;
    Tick first_from = -1, period = 0;
};

// PDM of an L4+ at 16 MHz, SCK 8 MHz: two pairs of microphones have a clock of 2 MHz, a frame is 4 us.
struct Microphones : Chip {
    tinysim::stm32::Sai sai{construction("sai1", {{"plus", 1}, {"pdm", 1}})};
    Repeats left1{0x81}, right1{0x42}, left2{0x24}, right2{0xF0};
    static constexpr Tick pdm_frame = 64 * at_16_mhz;

    Microphones() {
        unsigned place = 1;
        for (Repeats* each : {&left1, &left2}) sai.pdm_sockets()->attach(place++, *each);
        place = 9;
        for (Repeats* each : {&right1, &right2}) sai.pdm_sockets()->attach(place++, *each);
    }
    uint32_t get(uint32_t offset) { return sai.read(offset, 4); }
    void set(uint32_t offset, uint32_t value) { sai.write(offset, value, 4); }
    void start(uint32_t data_size, uint32_t slots, uint32_t more = 0) {
        set(PDMCR, 1u << 8 | 1u << pairs_at | PDMEN);
        set(a + FRCR, 31);
        set(a + SLOTR, (slots - 1) << slots_at | 0xFFFFu << enabled_at);
        set(a + CR1, data_size << size_at | 2u << divider_at | NODIV | receiver | more | SAIEN);
    }
};

}  // namespace

TEST(a_frame_of_pdm_has_a_byte_of_each_microphone_from_the_second_frame_on) {
    Microphones m;
    m.start(7, 1);
    m.run_to(Microphones::pdm_frame);
    EXPECT_EQUAL(m.get(a + DR), 0);
    m.run_to(2 * Microphones::pdm_frame);
    EXPECT_EQUAL(m.get(a + DR), 0x814224F0);
    EXPECT_EQUAL(m.left1.period, 8 * at_16_mhz);            // 2 MHz
    EXPECT_EQUAL(m.left1.first_from, 0);
    EXPECT_EQUAL(m.right1.first_from, 4 * at_16_mhz);       // its falling edge
    EXPECT(m.recorder.warnings.empty());
}

TEST(narrower_slots_have_fewer_bytes) {
    Microphones halves;
    halves.start(4, 2);
    halves.run_to(2 * Microphones::pdm_frame);
    for (uint32_t wanted : {0u, 0u, 0x8142u, 0x24F0u}) EXPECT_EQUAL(halves.get(a + DR), wanted);
    Microphones bytes;
    bytes.start(2, 4);
    bytes.run_to(2 * Microphones::pdm_frame);
    for (uint32_t wanted : {0u, 0u, 0u, 0u, 0x81u, 0x42u, 0x24u, 0xF0u}) EXPECT_EQUAL(bytes.get(a + DR), wanted);
    Microphones backward;
    backward.start(7, 1, LSBFIRST);
    backward.run_to(2 * Microphones::pdm_frame);
    (void)backward.get(a + DR);
    EXPECT_EQUAL(backward.get(a + DR), 0x0F244281);
}

TEST(each_microphone_has_its_delay_in_its_clocks) {
    Microphones m;
    m.set(PDMDLY, 1u << 0 | 7u << 12);                      // left of pair 1, right of pair 2
    m.start(7, 1);
    m.run_to(3 * Microphones::pdm_frame);
    (void)m.get(a + DR);
    EXPECT_EQUAL(m.get(a + DR), 0x40422401);                // bits from before the first are zeroes
    EXPECT_EQUAL(m.get(a + DR), 0xC04224E1);
}

TEST(frames_that_do_not_fit_and_a_clock_that_is_off_are_told) {
    Microphones m;
    m.set(PDMCR, 0);
    m.start(7, 1);
    m.set(a + CR1, 0);
    m.run_to(Microphones::pdm_frame);
    m.set(PDMCR, PDMEN);                                    // one pair, no CKEN
    m.set(a + CR1, 7u << size_at | 2u << divider_at | NODIV | receiver | SAIEN);
    EXPECT_EQUAL(m.recorder.warnings.size(), 2);
    m.run_for(2 * Microphones::pdm_frame);
    (void)m.get(a + DR);
    (void)m.get(a + DR);
    EXPECT_EQUAL(m.get(a + DR), 0);
}

int main(int count, char** names) { return bench::run(count, names); }
