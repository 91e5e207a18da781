// Joins two UARTs of the machine: each one's TX is the other's RX, and RTS holds CTS. Ours, not Renode's; parameters first and
// second are references to the UARTs. The host still hears both and can talk to both. Not modelled: cables between unlike
// kinds of UART (an error), and of the nRF52840's.
#pragma once

#include "tinysim/archive.h"
#include "tinysim/registry.h"
#include "tinysim/serial_port.h"

namespace tinysim {

class SerialCable : public Node {
public:
    explicit SerialCable(const Construction& construction) {
        Node *first = construction.node("first"), *second = construction.node("second");
        SerialPort *a = first != nullptr ? first->serial() : nullptr, *b = second != nullptr ? second->serial() : nullptr;
        if (a == nullptr || b == nullptr || !a->join(*b))
            throw std::invalid_argument(construction.name + ": `first` and `second` are not two UARTs that can be joined");
        cross(*first, *second);
        cross(*second, *first);
    }

    void state(Archive& archive) override { (void)archive; }
    void reset() override {}

private:
    static void cross(Node& from, Node& to) {
        Line* rts = from.output("Rts");
        std::optional<Line::Sink> cts = to.input(0);
        if (rts != nullptr && cts) rts->connect(*cts);
    }
};

}  // namespace tinysim
