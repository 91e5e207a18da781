#include "soc/nrf/rng.h"

namespace tinysim::nrf {

namespace {
constexpr uint32_t config_offset = 0x504, value_offset = 0x508;
constexpr unsigned start = 0, stop = 1, valrdy = 0;
constexpr uint32_t bias_correction = 1;
constexpr int rng_priority = 40;
}  // namespace

Rng::Rng(const Construction& construction)
    : Peripheral(construction),
      start_ticks_(ticks_of_us(construction.chip_number("rng_start_us", 128))),
      raw_byte_ticks_(ticks_of_us(construction.chip_number("rng_raw_byte_us", 30))),
      corrected_byte_ticks_(ticks_of_us(construction.chip_number("rng_corrected_byte_us", 120))),
      byte_event_(name_ + ".valrdy", rng_priority,
                  [this](Tick late_ticks) { on_byte(late_ticks); }),
      words_(construction.chip_number("rng_seed", RandomWords::default_seed)) {
    has_tasks({start, stop});
    has_events({valrdy});
    has_shorts({{0, valrdy, stop}});
    Rng::reset();
}

void Rng::reset() {  // the generator goes on: noise does not repeat after a reset
    Peripheral::reset();
    scheduler_.cancel(byte_event_);
    running_ = false;
    config_ = 0;
    value_ = 0;
}

Tick Rng::byte_ticks() const {
    return (config_ & bias_correction) != 0 ? corrected_byte_ticks_ : raw_byte_ticks_;
}

void Rng::task(unsigned index) {
    if (index == start && !running_) {
        running_ = true;
        scheduler_.after(byte_event_, start_ticks_ + byte_ticks());
    } else if (index == stop) {
        running_ = false;
        scheduler_.cancel(byte_event_);
    }
}

void Rng::on_byte(Tick late_ticks) {
    value_ = static_cast<uint8_t>(words_.next() >> 56);
    scheduler_.after(byte_event_,
                     byte_ticks() - late_ticks);  // first: the event's short may stop it
    raise(valrdy);
}

uint32_t Rng::read_register(uint32_t offset) {
    if (offset == config_offset) return config_;
    if (offset == value_offset) return value_;
    not_modelled();
    return 0;
}

void Rng::write_register(uint32_t offset, uint32_t value) {
    if (offset == config_offset)
        config_ = value & bias_correction;
    else
        not_modelled();
}

void Rng::state(Archive& archive) {
    Peripheral::state(archive);
    archive(byte_event_, words_, config_, value_, running_);
}

}  // namespace tinysim::nrf
