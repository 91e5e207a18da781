// DMAMUX of the STM32L4+: which request reaches which of the 14 channels of DMA1 and DMA2, how many of them behind a
// synchronisation event (SE), and four generators that make requests of trigger events. RM0432 12.
// Inputs: 1 + g..127 request n (1 to 4 are the generators' and wired inside); 128 + channel: one item is left there, which
// output LastItem<n> tells the block behind request n; 160 + n: signal n of SYNC_ID and SIG_ID; 192 + channel: the DMA has
// served an item. Outputs: "0".."13" a channel's request, Event0..Event3, IRQ (overruns).
// Assumed: while the inputs from 192 on lead nowhere, a request is served when its block takes it back, and a generator's at once.
// Not modelled: then, GNBREQ above 0 (a gap when switched on) and OFx; the three AHB cycles that mask signals behind a write of
// CxCR.
#pragma once

#include <array>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Dmamux : public Peripheral {
public:
    explicit Dmamux(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    void write_register(uint32_t offset, uint32_t written) override;

private:
    static constexpr unsigned channels = 14, requests = 128, signals = 32, generators = 4, events = 4;

    // Of a channel: requests until its counter is loaded anew, whether a synchronised one is let through, and whether one that
    // was a pulse waits for that.
    struct Passage {
        uint8_t left = 1;
        bool is_open = false, is_awaited = false;
        void state(Archive& archive) { archive(left, is_open, is_awaited); }
    };

    unsigned request_of(unsigned channel) const { return value(4 * channel) & (requests - 1); }
    bool passes(unsigned channel) const;
    void refresh(unsigned channel) { outputs_[channel].set(levels_[request_of(channel)] != 0 && passes(channel)); }
    void update_irq();
    void store_control(uint32_t offset, uint32_t written, bool is_counting);
    void write_channel(unsigned channel, uint32_t written);
    void write_generator(unsigned generator, uint32_t written);
    void request(unsigned number, bool level);
    void served(unsigned channel);
    void acknowledged(unsigned channel);
    void signal(unsigned number, bool level);
    void synchronise(unsigned channel);
    void generate(unsigned generator);
    void overrun(uint32_t status, unsigned bit);

    std::array<uint8_t, requests> levels_{};
    std::array<Tick, requests> risen_at_{};
    std::array<Line, channels> outputs_;
    std::array<Line, requests> last_items_;
    std::array<Line, events> events_;
    std::array<Passage, channels> passages_;
    std::array<uint8_t, generators> owed_{};    // requests
    bool is_acknowledged_ = false;              // wired
    bool warned_locked_ = false, warned_overrun_ = false;
};

}  // namespace tinysim::stm32
