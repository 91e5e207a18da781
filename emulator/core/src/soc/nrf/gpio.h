// GPIO port. nRF52840 Product Specification 6.9 "GPIO". The device stands at block base + 0x500, as
// in Renode; parameter numberOfPins (32). A pin's net has the level that the chip drives, else the
// outside's, else the pull's, else 0. Who asks for `input(n)` drives pin n for good, low at first.
// Not modelled: two outside drivers on one pin (the last change wins), chip against outside (the
// chip wins), strength, NFC and analog pins, pins of UART, TWI and SPI (bytes travel otherwise).
#pragma once

#include <array>

#include "soc/nrf/gpio_pins.h"
#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim::nrf {

class NrfGpio : public Device {
public:
    explicit NrfGpio(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    uint32_t read(uint32_t offset, unsigned bytes) override;
    void write(uint32_t offset, uint32_t value, unsigned bytes) override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

private:
    uint32_t read_register(uint32_t offset);
    void write_register(uint32_t offset, uint32_t value);
    void write_out(uint32_t value);
    void write_dir(uint32_t value);
    void write_latch(uint32_t value);
    void write_pin_cnf(unsigned pin, uint32_t value);
    Line::Sink sink_into(uint32_t& mask, unsigned pin);
    bool level_of(unsigned pin) const;
    bool is_sensed(unsigned pin) const;
    void refresh(uint32_t pins);                          // something about these pins changed
    void update_detect();

    const uint32_t implemented_;  // in this and all masks below bit n is pin n
    uint32_t out_ = 0, dir_ = 0, latch_ = 0, detectmode_ = 0;
    std::array<uint32_t, pins_per_port> pin_cnf_{};       // without DIR, which is in dir_
    uint32_t connected_ = 0, level_ = 0, sensed_ = 0;
    uint32_t outside_ = 0, outside_level_ = 0;
    uint32_t held_output_ = 0, held_input_ = 0, held_level_ = 0;
    std::array<Line, pins_per_port> pins_;
    Line detect_;
};

}  // namespace tinysim::nrf
