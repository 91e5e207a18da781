// A wire: interrupt request, sensor pin, DMA request. Sinks are told of level changes only.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace tinysim {

class Line {
public:
    using Sink = std::function<void(bool level)>;

    void connect(Sink sink) {
        if (level_) sink(true);
        sinks_.push_back(std::move(sink));
    }
    void set(bool level) {
        if (level == level_) return;
        level_ = level;
        for (auto& sink : sinks_) sink(level);
    }
    void pulse() {
        set(true);
        set(false);
    }
    bool level() const { return level_; }
    bool has_sinks() const { return !sinks_.empty(); }      // no: nobody misses an edge that is not made
    void restore(bool level) { level_ = level; }      // from a snapshot: nobody is told

private:
    bool level_ = false;
    std::vector<Sink> sinks_;
};

}  // namespace tinysim
