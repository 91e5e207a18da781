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

    // Of a target with software behind it. While it holds SCL low (clock stretching) the host goes on with nothing; when it
    // lets go, the wire's scl_released() follows. `acknowledges` is the answer to a byte whose write() was followed by a hold.
    virtual bool holds_scl() const { return false; }
    virtual bool acknowledges() const { return true; }
    virtual void read_answered(bool acknowledged) { (void)acknowledged; }      // the host's answer to what read() gave
    virtual void leave() { stop(); }                                           // a repeated START calls another target
};

// A block that is master and target on one wire: its addresses are what its registers say at the moment.
class I2cPeer : public I2cTarget {
public:
    virtual bool answers(uint16_t address) = 0;                // asked for the address that has just been on the wire
    virtual bool answers_header(uint16_t top_bits) const = 0;  // the first byte of a 10-bit address
    virtual void other_master(bool holds_bus) = 0;             // its START and its STOP
    virtual void scl_released() = 0;
};

// Addresses have seven bits, or ten with `ten_bit` beside them. Wires that are joined are one bus: each master reaches the
// targets of all, and the other masters.
class I2cWire {
public:
    static constexpr uint16_t ten_bit = 0x400;

    explicit I2cWire(I2cPeer* owner = nullptr) : owner_(owner) {}

    bool attach(uint16_t address, I2cTarget& target) { return targets_.emplace(address, &target).second; }
    void join(I2cWire& other) {
        std::vector<I2cWire*> mine = joined_, others = other.joined_;
        mine.push_back(this);
        others.push_back(&other);
        for (I2cWire* one : mine)
            for (I2cWire* two : others) {
                one->joined_.push_back(two);
                two->joined_.push_back(one);
            }
    }

    I2cTarget* find(uint16_t address) const {
        if (I2cTarget* found = own(address)) return found;
        for (I2cWire* each : joined_) {
            if (I2cTarget* found = each->own(address)) return found;
            if (each->owner_ != nullptr && each->owner_->answers(address)) return each->owner_;
        }
        return nullptr;
    }
    bool has_ten_bit(uint16_t top_bits) const {                // does anyone answer the first byte of such an address?
        if (own_ten_bit(top_bits)) return true;
        for (const I2cWire* each : joined_)
            if (each->own_ten_bit(top_bits) || (each->owner_ != nullptr && each->owner_->answers_header(top_bits))) return true;
        return false;
    }

    // For the block whose wire this is: what it does to the other masters of the bus.
    void hold(bool holds_bus) const {
        for (const I2cWire* each : joined_)
            if (each->owner_ != nullptr) each->owner_->other_master(holds_bus);
    }
    void release_scl() const {
        for (const I2cWire* each : joined_)
            if (each->owner_ != nullptr) each->owner_->scl_released();
    }

    // A target as a number, for snapshots; 0 is none.
    uint16_t place_of(const I2cTarget* target) const {
        const std::vector<I2cTarget*> places = all();
        for (size_t i = 0; target != nullptr && i < places.size(); ++i)
            if (places[i] == target) return static_cast<uint16_t>(i + 1);
        return 0;
    }
    I2cTarget* at(uint16_t place) const {
        const std::vector<I2cTarget*> places = all();
        return place == 0 || place > places.size() ? nullptr : places[place - 1u];
    }

private:
    I2cTarget* own(uint16_t address) const {
        auto found = targets_.find(address);
        return found == targets_.end() ? nullptr : found->second;
    }
    bool own_ten_bit(uint16_t top_bits) const {
        auto found = targets_.lower_bound(ten_bit | top_bits);
        return found != targets_.end() && (found->first & ~0xFF) == (ten_bit | top_bits);
    }
    std::vector<I2cTarget*> all() const {
        std::vector<I2cTarget*> places;
        for (const auto& each : targets_) places.push_back(each.second);
        for (const I2cWire* wire : joined_) {
            for (const auto& each : wire->targets_) places.push_back(each.second);
            if (wire->owner_ != nullptr) places.push_back(wire->owner_);
        }
        return places;
    }

    I2cPeer* owner_;
    std::map<uint16_t, I2cTarget*> targets_;
    std::vector<I2cWire*> joined_;
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

// A part that sends words on a serial sound wire (I2S, TDM). Signed, full scale is 32 bits.
class WordSource {
public:
    virtual ~WordSource() = default;
    virtual int32_t word(Tick at) = 0;         // in the frame that begins at `at`
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
