// A light on a GPIO pin. `invert: true` is one that lights when the pin is low.
// Off until its pin first changes: an undriven pin lights nothing, and a Line cannot tell undriven
// from low.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

class Led : public Node {
public:
    explicit Led(const Construction& construction)
        : recorder_(construction.recorder),
          line_id_(construction.recorder.name_line(construction.name)),
          invert_(construction.number("invert", 0) != 0) {}

    void state(Archive& archive) override { archive(state_); }
    void reset() override {}
    std::optional<Line::Sink> input(unsigned number) override {
        if (number != 0) return std::nullopt;
        return [this](bool level) { show(level != invert_); };
    }
    bool state() const { return state_; }

private:
    void show(bool state) {
        if (state == state_) return;
        state_ = state;
        recorder_.line(line_id_, state);
    }

    Recorder& recorder_;
    const uint16_t line_id_;
    const bool invert_;
    bool state_ = false;
};

}  // namespace tinysim
