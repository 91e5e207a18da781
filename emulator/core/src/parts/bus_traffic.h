// Bus traffic: a bus master of its own that reads words of a buffer in RAM, round and round at a
// rate, for tests of contention. No part of any board and no type of Renode's. Each word is one
// beat on the matrix and changes nothing; on a chip without [bus] in its .toml beats cost nobody
// anything. Parameters: frequency (beats/s), start and size of the buffer. Counter: <name>.beats.
#pragma once

#include "parts/paced.h"

namespace tinysim {

class BusTraffic : public Paced {
public:
    explicit BusTraffic(const Construction& construction)
        : Paced(construction), dma_(construction.dma),
          who_(construction.dma.add_master(construction.name)),
          start_(static_cast<uint32_t>(construction.number("start", 0))),
          bytes_(static_cast<uint32_t>(construction.number("size", 0))),
          beats_(construction.recorder.counter(construction.name + ".beats")) {
        const bool is_whole = start_ % beat_bytes == 0 && bytes_ != 0 && bytes_ % beat_bytes == 0;
        if (!is_whole || !dma_.reaches(start_, bytes_))
            throw std::invalid_argument("'" + construction.name +
                                        "' needs a buffer of whole words in RAM that DMA reaches");
    }

    void state(Archive& archive) override {
        Paced::state(archive);
        archive(next_);
    }

private:
    static constexpr uint32_t beat_bytes = 4;

    void happen(Tick at) override {
        ++beats_;
        dma_.beat(who_, start_ + next_, at);
        next_ = (next_ + beat_bytes) % bytes_;
    }

    DmaPort& dma_;
    const MasterId who_;
    const uint32_t start_, bytes_;
    int64_t& beats_;
    uint32_t next_ = 0;
};

}  // namespace tinysim
