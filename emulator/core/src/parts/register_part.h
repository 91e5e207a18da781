// A part whose byte registers stand behind an I2C address or a SPI select pin, in the manner of ST's sensors: a sub-address, then
// bytes, with an address that counts on. Input 0 is CS (SPI, active low; nobody is selected before it first falls). SPI: bit 7 of
// the first byte is "read". Whether the address counts on is said by a register, or by the sub-address itself (bit 7, on SPI bit 6).
// Not modelled: 3-wire SPI, SPI frames that are not whole bytes (a warning), limits of the bus clock.
#pragma once

#include <array>
#include <span>

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

struct Writable {
    uint8_t first, last, bits;
};
struct NotModelled {
    uint8_t address, bits;      // that switch it on
    const char* text;
};
struct RegisterRules {
    const char* title;
    std::span<const Writable> writable;                     // all others are read-only
    std::span<const NotModelled> not_modelled;              // 32 at most: each is warned of once
    bool increment_in_sub_address = false;
};

class RegisterPart : public Node, private I2cTarget, private SpiTarget {
public:
    RegisterPart(const Construction& construction, const RegisterRules& rules)
        : scheduler_(construction.scheduler), recorder_(construction.recorder), name_(construction.name), rules_(rules) {}

    void state(Archive& archive) override {
        archive(registers_, pointer_, expects_address_, counts_on_, is_selected_, spi_reads_, warned_);
    }
    void reset() override {}  // stands on the board: the CPU's reset does not reach it
    std::optional<Line::Sink> input(unsigned number) override;
    I2cTarget* i2c_target() override { return this; }
    SpiTarget* spi_target() override { return this; }

protected:
    virtual uint8_t read_register(uint8_t address) = 0;
    virtual void write_register(uint8_t address, uint8_t value) = 0;
    virtual uint8_t following(uint8_t address) const { return static_cast<uint8_t>((address + 1) & address_bits()); }
    virtual bool increments() const { return true; }
    virtual bool answers_i2c() const { return true; }

    bool store(uint8_t address, uint8_t value);             // by the rules; false: read-only
    void warn_once(unsigned feature, const char* text);     // features from 31 down are free beside the table's
    bool has(uint8_t address, uint8_t bits) const { return (registers_[address] & bits) != 0; }

    Scheduler& scheduler_;
    Recorder& recorder_;
    const std::string name_;
    std::array<uint8_t, 128> registers_{};

private:
    bool start(bool is_read) override;
    bool write(uint8_t byte) override;
    uint8_t read() override;
    void stop() override {}
    bool is_selected() const override { return is_selected_; }
    uint16_t exchange(uint16_t out, unsigned bits) override;
    uint8_t exchange_byte(uint8_t out);
    void step();
    uint8_t address_bits() const { return rules_.increment_in_sub_address ? 0x3F : 0x7F; }

    const RegisterRules& rules_;
    uint8_t pointer_ = 0;
    bool expects_address_ = false, counts_on_ = false, is_selected_ = false, spi_reads_ = false;
    uint32_t warned_ = 0;
};

}  // namespace tinysim
