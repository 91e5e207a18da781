// ADC1 to ADC3 of the STM32F4 (RM0090 13): parameters, inputs and outputs in adc_block.h; the common registers in adc_common.h.
// Chip numbers: adc_stabilisation_ns (behind ADON), adc_latency_eighths, adc_injected_latency_eighths.
// Assumed: in discontinuous mode EOC is set by each conversion; AWD compares before the injected offset is taken off;
// Not modelled: what a conversion gives before the ADC is stable (it is warned of).
#pragma once

#include "soc/stm32/adc_block.h"

namespace tinysim::stm32 {

class Adc : public AdcBlock {
public:
    explicit Adc(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    uint32_t status() const override;
    uint32_t regular_data() const override;
    void data_taken() override;
    bool is_on() const override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    bool accepts(Group group) const override;
    Sequence sequence(Group group) const override;
    unsigned channel_at(Group group, unsigned rank) const override;
    Trigger trigger(Group group) const override;
    bool injects_behind_regular() const override;
    unsigned resolution_bits() const override;
    int64_t sampling_eighths(unsigned channel) const override;
    int64_t conversion_eighths() const override;
    int64_t latency_eighths(Group group) const override;
    void began(Group group) override;
    void converted(const Conversion& conversion) override;
    void lost() override;

private:
    void write_control(uint32_t written);
    bool has(uint32_t offset, uint32_t bits) const { return (value(offset) & bits) != 0; }
    bool detects_overrun() const;
    void regular_result(const Conversion& conversion);
    void injected_result(const Conversion& conversion);
    void watch(const Conversion& conversion);
    uint32_t aligned(int32_t result, bool is_injected) const;
    void raise(uint32_t flags);
    void update_irq();

    const Tick stabilisation_ticks_;
    const int64_t latency_eighths_, injected_latency_eighths_;
    Tick stable_at_ = 0;
    bool unread_ = false;                                 // a regular result is in DR
    bool warned_unstable_ = false;
};

}  // namespace tinysim::stm32
