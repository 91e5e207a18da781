#include "soc/stm32/serial_line.h"

#include <algorithm>
#include <bit>

namespace tinysim::stm32 {

namespace {
constexpr unsigned host_break_bits = 13;       // as LIN has it; longer than any frame

constexpr uint32_t low_bits(unsigned count) { return (1u << count) - 1; }
}  // namespace

uint16_t FrameFormat::with_parity(uint16_t word) const {
    const uint32_t payload = word & low_bits(payload_bits());
    if (!has_parity) return static_cast<uint16_t>(payload);
    const uint32_t parity = (static_cast<uint32_t>(std::popcount(payload)) & 1) ^ (is_odd ? 1u : 0u);
    return static_cast<uint16_t>(payload | parity << payload_bits());
}

WireFrame data_frame(uint16_t word, const FrameFormat& format, Tick begin) {
    const uint32_t zeros = ~uint32_t{word} & low_bits(format.data_bits);
    return {.begin = begin, .end = begin + format.ticks, .half_bits = format.half_bits, .levels = ~(zeros << 1 | 1u)};
}

WireFrame break_frame(unsigned low, const FrameFormat& format, Tick begin) {
    const unsigned half_bits = 2 * (low + 1);
    return {.begin = begin, .end = begin + format.at_half_bit(half_bits), .half_bits = half_bits, .levels = ~low_bits(low)};
}

void SerialLine::queue(std::span<const uint8_t> bytes, LineFault fault, uint32_t baud_hz) {
    for (const uint8_t byte : bytes) host_.push_back({byte, fault, baud_hz});
}

WireFrame SerialLine::frame_of(const HostByte& sent, FrameFormat format, Tick begin) {
    if (sent.fault == LineFault::line_break) return break_frame(host_break_bits, format, begin);
    uint16_t word = format.with_parity(sent.byte);
    if (sent.fault == LineFault::parity && format.has_parity) word ^= static_cast<uint16_t>(1u << format.payload_bits());
    WireFrame frame = data_frame(word, format, begin);
    frame.is_noisy = sent.fault == LineFault::noise;
    if (sent.fault != LineFault::framing) return frame;
    // The stop bits are low; one high bit behind them, or the next start would not be seen.
    const unsigned data = 1 + format.data_bits, stops = frame.bits() - data;
    frame.levels &= ~(low_bits(stops) << data);
    frame.half_bits = 2 * (data + stops + 1);
    frame.end = begin + format.at_half_bit(frame.half_bits);
    return frame;
}

void SerialLine::send_host(Tick from, Tick until, const FrameFormat& format, int64_t ticks_per_second) {
    while (!host_.empty() && host_end_ <= until) {
        FrameFormat theirs = format;
        const HostByte& sent = host_.front();
        if (sent.baud_hz != 0) theirs.ticks = ticks_per_second * theirs.half_bits / (2 * static_cast<Tick>(sent.baud_hz));
        put(frame_of(sent, theirs, std::max(from, host_end_)));
        host_end_ = frames_.back().end;
        host_.pop_front();
        if (host_end_ >= until) return;
    }
}

void SerialLine::forget(Tick before) {
    std::erase_if(frames_, [before](const WireFrame& frame) { return frame.end <= before; });
}

bool SerialLine::is_low(Tick at) const {
    return std::ranges::any_of(frames_, [at](const WireFrame& frame) { return frame.is_low_at(at); });
}

Tick SerialLine::next_fall(Tick from) const {
    Tick first = never;
    for (const WireFrame& frame : frames_)
        for (unsigned bit = 0; bit < frame.bits(); ++bit) {
            const Tick at = frame.begin_of(bit);
            if (!frame.is_low(bit) || at < from || at >= first) continue;
            if (bit == 0 ? !is_low(at - 1) : !frame.is_low(bit - 1)) first = at;
        }
    return first;
}

Tick SerialLine::next_start(Tick from, const FrameFormat& format) const {
    Tick at = next_fall(from);
    while (at != never && !is_low(at + format.at_half_bit(1))) at = next_fall(at + 1);
    return at;
}

Tick SerialLine::next_high(Tick from) const {
    Tick at = from;
    for (bool moved = true; moved;) {
        moved = false;
        for (const WireFrame& frame : frames_)
            for (unsigned bit = 0; bit < frame.bits(); ++bit)
                if (frame.is_low(bit) && frame.begin_of(bit) <= at && at < frame.begin_of(bit + 1))
                    at = frame.begin_of(bit + 1), moved = true;
    }
    return at;
}

HeardFrame SerialLine::hear(Tick start, const FrameFormat& format) const {
    HeardFrame heard;
    const auto samples_low = [&](unsigned bit) { return is_low(start + format.at_half_bit(2 * bit + 1)); };
    for (unsigned bit = 0; bit < format.data_bits; ++bit)
        if (!samples_low(1 + bit)) heard.word |= static_cast<uint16_t>(1u << bit);
    heard.framing_error = samples_low(1 + format.data_bits);
    heard.parity_error = heard.word != format.with_parity(heard.word) && format.has_parity;
    heard.is_low = heard.word == 0 && heard.framing_error;
    heard.noise = std::ranges::any_of(frames_, [&](const WireFrame& frame) {
        return frame.is_noisy && frame.begin < start + format.ticks && start < frame.end;
    });
    return heard;
}

}  // namespace tinysim::stm32
