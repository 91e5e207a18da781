// The host's side of a UART: bytes that the host wants to send to the firmware, well or with a fault.
#pragma once

#include <cstdint>
#include <span>

namespace tinysim {

// What is wrong with bytes on their way to the firmware. A line_break is a low line for longer than a frame.
enum class LineFault : uint8_t { none, framing, noise, parity, line_break };

class SerialPort {
public:
    virtual ~SerialPort() = default;
    // Queues bytes; they arrive one by one at the UART's own baud rate.
    virtual void receive(std::span<const uint8_t> bytes) = 0;
    // The same, each with the fault; `baud_hz` other than 0: from a sender with that rate. False: has no such thing.
    virtual bool receive_wrong(std::span<const uint8_t> bytes, LineFault fault, uint32_t baud_hz) {
        return (void)bytes, (void)fault, (void)baud_hz, false;
    }
    // Two ports of one machine, each one's transmitter on the other's receiver. False: these two cannot.
    virtual bool join(SerialPort& other) { return (void)other, false; }
};

}  // namespace tinysim
