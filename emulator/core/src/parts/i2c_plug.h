// Between an I2C bus and a part on it: pulled out, nobody acknowledges the part's address and reads
// give ones; in, it changes nothing. The part keeps its power and its pins.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/wires.h"

namespace tinysim {

class I2cPlug final : public I2cTarget {
public:
    explicit I2cPlug(I2cTarget& part) : part_(part) {}

    void pull(bool out) { is_out_ = out; }
    void state(Archive& archive) { archive(is_out_); }

    bool start(bool is_read) override { return !is_out_ && part_.start(is_read); }
    bool write(uint8_t byte) override { return !is_out_ && part_.write(byte); }
    uint8_t read() override { return is_out_ ? 0xFF : part_.read(); }
    void stop() override { part_.stop(); }
    bool holds_scl() const override { return !is_out_ && part_.holds_scl(); }
    bool acknowledges() const override { return !is_out_ && part_.acknowledges(); }
    void read_answered(bool acknowledged) override { part_.read_answered(acknowledged); }
    void leave() override { part_.leave(); }

private:
    I2cTarget& part_;
    bool is_out_ = false;
};

}  // namespace tinysim
