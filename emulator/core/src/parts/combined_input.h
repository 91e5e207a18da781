// ORs several lines into one: interrupts that share a number. Renode's CombinedInput; parameter numberOfInputs.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

class CombinedInput : public Node {
public:
    explicit CombinedInput(const Construction& construction)
        : inputs_(static_cast<unsigned>(construction.number("numberOfInputs", 0))) {}

    void state(Archive& archive) override { archive(levels_, output_); }
    void reset() override {}
    Line* output(std::string_view name) override {
        return name == "IRQ" || name == "OutputLine" || name == "0" ? &output_ : nullptr;
    }
    std::optional<Line::Sink> input(unsigned number) override {
        if (number >= inputs_ || number >= 64) return std::nullopt;
        return [this, bit = uint64_t{1} << number](bool level) {
            levels_ = level ? levels_ | bit : levels_ & ~bit;
            output_.set(levels_ != 0);
        };
    }

private:
    const unsigned inputs_;
    uint64_t levels_ = 0;
    Line output_;
};

}  // namespace tinysim
