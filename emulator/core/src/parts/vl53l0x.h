// ST VL53L0X ranging sensor on I2C: its identity only (model, module and revision ID at 0xC0 to 0xC2, as recalled: R).
// Input 0 is XSHUT, active low; it is pulled up. Output GPIO1 (open drain, pulled up) never falls. Reading or writing
// any other register is a gap, of which a warning tells once: it reads 0, keeps nothing and measures nothing.
#pragma once

#include <string>
#include <utility>

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

class Vl53l0x : public Node, private I2cTarget {
public:
    explicit Vl53l0x(const Construction& construction) : recorder_(construction.recorder), name_(construction.name) { gpio1_.set(true); }

    void state(Archive& archive) override { archive(gpio1_, index_, expects_index_, is_shut_down_, warned_); }
    void reset() override {}  // stands on the board
    I2cTarget* i2c_target() override { return this; }
    Line* output(std::string_view name) override { return name == "GPIO1" ? &gpio1_ : nullptr; }
    std::optional<Line::Sink> input(unsigned number) override {
        if (number != 0) return std::nullopt;
        return [this](bool level) { is_shut_down_ = !level; };
    }

private:
    bool start(bool is_read) override {
        expects_index_ = !is_read;
        return !is_shut_down_;
    }
    bool write(uint8_t byte) override {
        if (std::exchange(expects_index_, false)) index_ = byte;
        else warn_of_gap();
        return true;
    }
    uint8_t read() override {
        switch (index_++) {
        case 0xC0: return 0xEE;     // IDENTIFICATION_MODEL_ID
        case 0xC1: return 0xAA;     // IDENTIFICATION_MODULE_ID
        case 0xC2: return 0x10;     // IDENTIFICATION_REVISION_ID
        default: warn_of_gap(); return 0;
        }
    }
    void stop() override {}
    void warn_of_gap() {
        if (std::exchange(warned_, true)) return;
        recorder_.warn(name_ + ": VL53L0X is only its identity (0xC0 to 0xC2); ranging is not modelled, other registers read 0");
    }

    Recorder& recorder_;
    const std::string name_;
    Line gpio1_;
    uint8_t index_ = 0;
    bool expects_index_ = false, is_shut_down_ = false, warned_ = false;
};

}  // namespace tinysim
