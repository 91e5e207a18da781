// The sensor side of a wire. A part knows the bytes on its bus and its pins, never the CPU or the memory bus.
#pragma once

#include <cstdint>
#include <map>

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

// A part on a SPI bus; the select line frames transfers.
class SpiTarget {
public:
    virtual ~SpiTarget() = default;
    virtual void select(bool selected) = 0;
    virtual uint8_t exchange(uint8_t out) = 0;
};

}  // namespace tinysim
