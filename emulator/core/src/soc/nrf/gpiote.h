// GPIOTE: pins as tasks and events. nRF52840 Product Specification 6.10 "GPIOTE". `port0` and
// `port1` name the GPIO ports. A task channel drives its pin, an event channel makes it an input.
// OUTINIT is taken when a channel becomes a task or moves to another pin. PORT is the rising edge
// of both ports' DETECT, ORed.
// Not modelled: OUT, CLR, SET in one PCLK16M cycle (here: in their order), two channels on a pin.
#pragma once

#include <array>

#include "soc/nrf/gpio_pins.h"
#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

class NrfGpiote : public Peripheral {
public:
    explicit NrfGpiote(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;

protected:
    void task(unsigned index) override;
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t value) override;

private:
    static constexpr unsigned channel_count = 8, port_count = 2;
    struct Channel {
        uint32_t config = 0;
        bool level = false;
        void state(Archive& archive) { archive(config, level); }
        uint32_t mode() const { return config & 3; }
        unsigned pin() const { return (config >> 8) & 0x3F; }         // PSEL and PORT
        uint32_t polarity() const { return (config >> 16) & 3; }
    };
    struct Pin { Line::Sink hold_as_output, hold_as_input, level; };  // empty: no such pin

    void meet_port(unsigned port, Node& node);
    void write_config(Channel& channel, uint32_t value);
    void hold(const Channel& channel, bool held);
    void drive(Channel& channel, bool level);
    void on_pin(unsigned pin, bool level);
    void on_detect(unsigned port, bool level);

    std::array<Channel, channel_count> channels_{};
    std::array<Pin, port_count * pins_per_port> pins_;
    std::array<bool, port_count> detect_{};
    uint64_t listened_ = 0;  // bit n: some event channel listens to pin n
};

}  // namespace tinysim::nrf
