// A push button on a GPIO pin, pressed by the host. `invert: true` is one that pulls its pin low.
// Not modelled: contact bounce.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

class Button : public Node {
public:
    explicit Button(const Construction& construction)
        : recorder_(construction.recorder),
          line_id_(construction.recorder.name_line(construction.name)),
          invert_(construction.number("invert", 0) != 0) {
        line_.set(invert_);
    }

    void state(Archive& archive) override { archive(pressed_, line_); }
    void reset() override {}
    Line* output(std::string_view name) override {
        return name == "IRQ" || name == "0" ? &line_ : nullptr;
    }
    void press() { hold(true); }
    void release() { hold(false); }
    bool pressed() const { return pressed_; }

private:
    void hold(bool pressed) {
        if (pressed == pressed_) return;
        pressed_ = pressed;
        recorder_.line(line_id_, pressed);
        line_.set(pressed != invert_);
    }

    Recorder& recorder_;
    const uint16_t line_id_;
    const bool invert_;
    bool pressed_ = false;
    Line line_;
};

}  // namespace tinysim
