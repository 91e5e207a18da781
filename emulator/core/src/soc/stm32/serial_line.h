// What a receiver of an asynchronous serial line sees: frames from the host, from the other end and of its own, as levels in
// time. Frames that overlap are wired-and; between them the line is high. RM0090 30.3.1, 30.3.3 (sampling in a bit's middle).
// Assumed: the host follows the receiver's format, and keeps its rate unless told another.
#pragma once

#include <deque>

#include "tinysim/archive.h"
#include "tinysim/scheduler.h"
#include "tinysim/serial_port.h"

namespace tinysim::stm32 {

// How a block frames words; the parity bit is the last of the data bits.
struct FrameFormat {
    Tick ticks = 0;                        // from start to stop bit
    unsigned half_bits = 0;                // the same in half bits
    unsigned data_bits = 0;
    bool has_parity = false, is_odd = false;

    unsigned payload_bits() const { return data_bits - (has_parity ? 1 : 0); }
    Tick at_half_bit(unsigned number) const { return ticks * number / half_bits; }
    uint16_t with_parity(uint16_t word) const;
    void state(Archive& archive) { archive(ticks, half_bits, data_bits, has_parity, is_odd); }
};

// Levels of a frame, the first in bit 0; behind the last one the line is high.
struct WireFrame {
    Tick begin = 0, end = 0;
    uint32_t half_bits = 0, levels = 0;
    bool is_noisy = false;

    static constexpr unsigned most_bits = 32;
    unsigned bits() const { return (half_bits + 1) / 2; }
    bool is_low(unsigned bit) const { return bit < most_bits && (levels >> bit & 1) == 0; }
    Tick begin_of(unsigned bit) const { return begin + ((end - begin) * 2 * bit + half_bits - 1) / half_bits; }
    bool is_low_at(Tick at) const {
        return begin <= at && at < end && is_low(static_cast<unsigned>((at - begin) * half_bits / ((end - begin) * 2)));
    }
    void state(Archive& archive) { archive(begin, end, half_bits, levels, is_noisy); }
};

WireFrame data_frame(uint16_t word, const FrameFormat& format, Tick begin);
WireFrame break_frame(unsigned low_bits, const FrameFormat& format, Tick begin);        // and a stop bit

// A frame as a receiver understands it.
struct HeardFrame {
    uint16_t word = 0;
    bool framing_error = false, parity_error = false, noise = false, is_low = false;
};

class SerialLine {
public:
    void queue(std::span<const uint8_t> bytes, LineFault fault, uint32_t baud_hz);
    bool is_silent() const { return host_.empty() && frames_.empty(); }
    // The host's bytes go on the wire, back to back from `from` on, until one ends behind `until`.
    void send_host(Tick from, Tick until, const FrameFormat& format, int64_t ticks_per_second);
    void put(const WireFrame& frame) { frames_.push_back(frame); }
    void forget(Tick before);

    Tick next_start(Tick from, const FrameFormat& format) const;      // falling, and low half a bit later; `never`
    Tick next_fall(Tick from) const;
    Tick next_high(Tick from) const;
    HeardFrame hear(Tick start, const FrameFormat& format) const;
    void state(Archive& archive) { archive(host_, frames_, host_end_); }

private:
    struct HostByte {
        uint8_t byte = 0;
        LineFault fault = LineFault::none;
        uint32_t baud_hz = 0;
        void state(Archive& archive) { archive(byte, fault, baud_hz); }
    };
    static WireFrame frame_of(const HostByte& sent, FrameFormat format, Tick begin);
    bool is_low(Tick at) const;

    std::deque<HostByte> host_;
    std::deque<WireFrame> frames_;
    Tick host_end_ = 0;                    // of its last frame
};

}  // namespace tinysim::stm32
