// DMAMUX of the STM32L4+: which request reaches which of the 14 channels of DMA1 and DMA2. RM0432 13. Input n is request n,
// output "0".."13" a channel's request. Input 128 + channel: one item is left there, which output LastItem<n> tells the block
// behind request n. Not modelled (a gap when switched on): synchronisation (SE, EGE) and the four
// request generators.
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
    static constexpr unsigned channels = 14, requests = 128;
    unsigned request_of(unsigned channel) const { return value(4 * channel) & (requests - 1); }
    void refresh(unsigned channel) { outputs_[channel].set(levels_[request_of(channel)] != 0); }

    std::array<uint8_t, requests> levels_{};
    std::array<Line, channels> outputs_;
    std::array<Line, requests> last_items_;
};

}  // namespace tinysim::stm32
