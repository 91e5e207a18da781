// Two wires from one I2C bus to another: SDA to SDA, SCL to SCL. What is joined is one bus, whose masters call the targets of
// both sides and each other (blocks that can be slaves). Parameters `first`, `second`: the two blocks. Our own type.
#pragma once

#include "tinysim/registry.h"

namespace tinysim {

class I2cJumper final : public Node {
public:
    explicit I2cJumper(const Construction& construction) {
        Node *first = construction.node("first"), *second = construction.node("second");
        if (first == nullptr || second == nullptr || first == second || first->i2c() == nullptr || second->i2c() == nullptr)
            construction.recorder.warn(construction.name + ": `first` and `second` are not two I2C blocks, nothing is joined");
        else first->i2c()->join(*second->i2c());
    }
    void state(Archive& archive) override { (void)archive; }
    void reset() override {}
};

}  // namespace tinysim
