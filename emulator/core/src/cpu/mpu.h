// The PMSAv7 memory protection unit: 8 regions with sub-regions, the privileged background map. DDI 0403 B3.5.
// Attributes for caches and sharing (TEX, S, C, B) are kept and mean nothing here.
#pragma once

#include <array>
#include <cstdint>

namespace tinysim {

class Archive;

struct Permission {
    bool read = false, write = false, execute = false;
    bool operator==(const Permission&) const = default;
};

class Mpu {
public:
    explicit Mpu(unsigned regions) : count_(regions) {}
    void reset();

    bool is_enabled() const { return (control_ & 1) != 0 && count_ != 0; }
    bool protects_faults() const { return (control_ & 2) != 0; }          // HFNMIENA
    // What an access may do. PPB accesses (0xE0000000 up) are not the MPU's business.
    Permission permission(uint32_t address, bool privileged) const;
    // The last address from `address` on with the same permission (the MPU's grain is 32 bytes).
    uint32_t same_until(uint32_t address, bool privileged) const;

    uint32_t read(uint32_t offset) const;                                 // MPU_TYPE is 0xD90
    void write(uint32_t offset, uint32_t value);
    uint64_t version() const { return version_; }                         // grows with each change
    void state(Archive& archive);

private:
    struct Region {
        uint32_t base = 0, attributes = 0;
        void state(Archive& archive);
    };
    const Region* region_at(uint32_t address) const;
    bool covers(const Region& region, uint32_t address) const;

    unsigned count_;
    uint32_t control_ = 0, number_ = 0;
    std::array<Region, 16> regions_{};
    uint64_t version_ = 0;
};

}  // namespace tinysim
