// The sensor side of a wire. A part knows the bytes on its bus and its pins, never the CPU or the memory bus.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "tinysim/scheduler.h"

namespace tinysim {

// One address on an I2C bus. The host calls these when the wire delivers, one byte at a time.
class I2cTarget {
public:
    virtual ~I2cTarget() = default;
    virtual bool start(bool is_read) = 0;      // addressed after START or repeated START; false is a NACK
    virtual bool write(uint8_t byte) = 0;      // false is a NACK
    virtual uint8_t read() = 0;
    virtual void stop() = 0;
};

// Addresses have seven bits, or ten with `ten_bit` beside them.
class I2cWire {
public:
    static constexpr uint16_t ten_bit = 0x400;

    bool attach(uint16_t address, I2cTarget& target) { return targets_.emplace(address, &target).second; }
    I2cTarget* find(uint16_t address) const {
        auto found = targets_.find(address);
        return found == targets_.end() ? nullptr : found->second;
    }
    bool has_ten_bit(uint16_t top_bits) const {                // does anyone answer the first byte of such an address?
        auto found = targets_.lower_bound(ten_bit | top_bits);
        return found != targets_.end() && (found->first & ~0xFF) == (ten_bit | top_bits);
    }

    uint16_t address_of(const I2cTarget& target) const {       // of one that is attached
        for (const auto& [address, each] : targets_)
            if (each == &target) return address;
        return 0;
    }

private:
    std::map<uint16_t, I2cTarget*> targets_;
};

// A part on a SPI bus. Its select pin is an input of the part (a wire of the platform file leads there), so the part
// itself knows whether a frame is for it.
class SpiTarget {
public:
    virtual ~SpiTarget() = default;
    virtual bool is_selected() const = 0;
    virtual uint16_t exchange(uint16_t out, unsigned bits) = 0;     // one frame, full duplex; called only when selected
};

class SpiWire {
public:
    void attach(SpiTarget& target) { targets_.push_back(&target); }
    // What MISO carried: a line that nobody drives is pulled up; parts selected together pull it down where one says 0.
    uint16_t exchange(uint16_t out, unsigned bits) {
        uint16_t in = static_cast<uint16_t>((1u << bits) - 1);
        for (SpiTarget* target : targets_)
            if (target->is_selected()) in &= target->exchange(out, bits);
        return in;
    }

private:
    std::vector<SpiTarget*> targets_;
};

// A microphone with a one-bit output. The host of the clock asks for the bits of a stretch of it when it needs them.
class PdmSource {
public:
    virtual ~PdmSource() = default;
    // The bits that `count` clock periods from `from` on have, the first one in bit 0; 0 < count <= 64.
    virtual uint64_t bits(Tick from, Tick period_ticks, unsigned count) = 0;
};

// Who drives a voltage: a recording, a DAC, a divider.
class AnalogSource {
public:
    virtual ~AnalogSource() = default;
    virtual int32_t microvolts(Tick at) = 0;
};

// Numbered places of a host (a channel, a pin, an edge), one source each.
template <class Source>
class Sockets {
public:
    bool attach(uint32_t place, Source& source) { return sources_.emplace(place, &source).second; }
    Source* find(uint32_t place) const {
        auto found = sources_.find(place);
        return found == sources_.end() ? nullptr : found->second;
    }

private:
    std::map<uint32_t, Source*> sources_;
};

}  // namespace tinysim
