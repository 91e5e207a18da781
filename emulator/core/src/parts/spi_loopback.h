// MOSI and MISO joined by a piece of wire: what goes out comes back, whatever is selected. For tests, on any SPI bus.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/registry.h"

namespace tinysim {

class SpiLoopback : public Node, private SpiTarget {
public:
    explicit SpiLoopback(const Construction&) {}

    void state(Archive& archive) override { (void)archive; }  // nothing that can change
    void reset() override {}
    SpiTarget* spi_target() override { return this; }

private:
    bool is_selected() const override { return true; }
    uint16_t exchange(uint16_t out, unsigned) override { return out; }
};

}  // namespace tinysim
