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

class I2cWire {
public:
    bool attach(uint8_t address, I2cTarget& target) { return targets_.emplace(address, &target).second; }
    I2cTarget* find(uint8_t address) const {
        auto found = targets_.find(address);
        return found == targets_.end() ? nullptr : found->second;
    }

    uint8_t address_of(const I2cTarget& target) const {        // of one that is attached
        for (const auto& [address, each] : targets_)
            if (each == &target) return address;
        return 0;
    }

private:
    std::map<uint8_t, I2cTarget*> targets_;
};

// A part on a SPI bus; the select line frames transfers.
class SpiTarget {
public:
    virtual ~SpiTarget() = default;
    virtual void select(bool selected) = 0;
    virtual uint8_t exchange(uint8_t out) = 0;
};

}  // namespace tinysim
