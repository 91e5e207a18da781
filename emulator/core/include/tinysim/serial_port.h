// The host's side of a UART: bytes that the host wants to send to the firmware.
#pragma once

#include <cstdint>
#include <span>

namespace tinysim {

class SerialPort {
public:
    virtual ~SerialPort() = default;
    // Queues bytes; they arrive one by one at the UART's own baud rate.
    virtual void receive(std::span<const uint8_t> bytes) = 0;
};

}  // namespace tinysim
