// An output pin of a part, with its changes in the record.
#pragma once

#include <string>

#include "tinysim/archive.h"
#include "tinysim/line.h"
#include "tinysim/recorder.h"

namespace tinysim {

class SensorPin {
public:
    SensorPin(Recorder& recorder, const std::string& name) : recorder_(recorder), id_(recorder.name_line(name)) {}

    void drive(bool level) {
        if (level == line.level()) return;
        recorder_.line(id_, level);
        line.set(level);
    }
    void state(Archive& archive) { archive(line); }

    Line line;

private:
    Recorder& recorder_;
    const uint16_t id_;
};

}  // namespace tinysim
