// Interrupt load: pulses at a rate on whatever its IRQ is wired to, for tests of firmware on a busy
// system. No part of any board and no type of Renode's. What a pulse costs is the guest's own
// handler; an interrupt that is not enabled costs nothing. Parameter: frequency (Hz). Counter:
// <name>.pulses.
#pragma once

#include "parts/paced.h"

namespace tinysim {

class InterruptLoad : public Paced {
public:
    explicit InterruptLoad(const Construction& construction)
        : Paced(construction),
          pulses_(construction.recorder.counter(construction.name + ".pulses")) {}

    void state(Archive& archive) override {
        Paced::state(archive);
        archive(line_);
    }
    Line* output(std::string_view name) override { return name == "IRQ" ? &line_ : nullptr; }

private:
    void happen(Tick) override {
        ++pulses_;
        line_.pulse();
    }

    int64_t& pulses_;
    Line line_;
};

}  // namespace tinysim
