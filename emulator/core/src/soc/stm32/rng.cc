#include "soc/stm32/rng.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CR = 0x00, SR = 0x04, DR = 0x08 };
constexpr uint32_t enable = 1u << 2, interrupt_enable = 1u << 3, ignores_clock = 1u << 5;
constexpr uint32_t ready = 1u << 0, clock_error = 1u << 1, clock_error_flag = 1u << 5, seed_error_flag = 1u << 6;
constexpr Register plain[] = {{"CR", 0, 0x0C}, {"SR", 0, 0}, {"DR", 0, 0}};
constexpr Register with_detection[] = {{"CR", 0, 0x2C}, {"SR", 0, 0}, {"DR", 0, 0}};
constexpr int priority = 40;
constexpr int64_t usual_hz = 48'000'000, slowest_share = 16;

RegisterTable table_of(const Construction& construction) {
    return construction.number("clockErrorDetection", 0) != 0 ? RegisterTable(with_detection) : RegisterTable(plain);
}
}  // namespace

Rng::Rng(const Construction& construction)
    : Peripheral(construction, table_of(construction), Bridge::ahb), word_clocks_(construction.chip_number("rng_word_clocks", 40)),
      word_event_(name_ + ".word", priority, [this](Tick) {
          value(DR) = static_cast<uint32_t>(words_.next() >> 32);
          value(SR) |= ready;
          update_irq();
      }),
      words_(construction.chip_number("rng_seed", RandomWords::default_seed)) {}

void Rng::reset() {                       // the generator goes on: noise does not repeat after a reset
    Peripheral::reset();
    scheduler_.cancel(word_event_);
}

Tick Rng::rng_ticks() const { return clock_ticks(Clock::pll48, usual_hz); }

bool Rng::has_clock_error() const {
    const Tick ticks = rng_ticks();
    return ticks == 0 || ((value(CR) & ignores_clock) == 0 && ticks > slowest_share * clock_ticks());
}

void Rng::follow() {
    const bool wants = (value(CR) & enable) != 0 && !is_stopped();
    if (wants && has_clock_error()) {
        value(SR) |= clock_error | clock_error_flag;
        scheduler_.cancel(word_event_);
        warn_once(warned_clock_, "RNGEN is set, but its 48 MHz clock does not run or is below HCLK / 16: no number comes (CECS)");
    } else {
        value(SR) &= ~clock_error;
        if (!wants) scheduler_.cancel(word_event_);
        else if ((value(SR) & ready) == 0 && !word_event_.is_scheduled()) scheduler_.after(word_event_, word_clocks_ * rng_ticks());
    }
    update_irq();
}

void Rng::on_clock_changed() {
    scheduler_.cancel(word_event_);
    follow();
}

uint32_t Rng::read_register(uint32_t offset) { return offset == DR ? read_word() : value(offset); }

// A word is given once; without DRDY it is 0.
uint32_t Rng::read_word() {
    const uint32_t word = (value(SR) & ready) != 0 ? value(DR) : 0;
    value(SR) &= ~ready;
    follow();
    return word;
}

void Rng::write_register(uint32_t offset, uint32_t written) {
    if (offset == SR) value(SR) &= written | ~(clock_error_flag | seed_error_flag);
    else store(offset, written);
    if (offset == CR && (value(CR) & enable) == 0) value(SR) &= ~ready;
    follow();
}

void Rng::update_irq() {
    const bool speaks = (value(SR) & (ready | clock_error_flag | seed_error_flag)) != 0;
    irq_.set(speaks && (value(CR) & interrupt_enable) != 0);
}

void Rng::state(Archive& archive) {
    Peripheral::state(archive);
    archive(word_event_, words_, warned_clock_);
}

}  // namespace tinysim::stm32
