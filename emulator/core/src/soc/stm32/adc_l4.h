// ADC1 to ADC3 of the STM32L4 and L4+ (RM0351 18, RM0432 21): parameters, inputs and outputs in adc_block.h; the common registers
// in adc_common.h. adc_l4.cc registers and power; adc_l4_results.cc what becomes of a conversion; adc_l4_queue.cc JSQR's queue.
// Chip numbers: adc_regulator_ns (behind ADVREGEN), adc_calibration_cycles.
// Assumed: ADSTP, JADSTP and ADDIS act at once; the calibration's result is always the same; behind the DMA's last item of a
// one-shot (DMACFG 0) the ADC goes on converting and nothing is lost; a context of JSQR acts as soon as it is the first.
// Not modelled (a gap when switched on): data to the DFSDM.
#pragma once

#include "soc/stm32/adc_block.h"

namespace tinysim::stm32 {

class L4Adc : public AdcBlock {
public:
    explicit L4Adc(const Construction& construction);

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
    bool is_differential(unsigned channel) const override;
    bool holds_regular() const override;
    void began(Group group) override;
    void sampled() override;
    Accumulation accumulate(Group group, uint32_t& code) override;
    void converted(const Conversion& conversion) override;
    void lost() override;

private:
    struct Sum {
        uint32_t total = 0;
        uint16_t count = 0;
        void state(Archive& archive) { archive(total, count); }
    };

    // ---- adc_l4.cc ----
    bool has(uint32_t offset, uint32_t bits) const { return (value(offset) & bits) != 0; }
    bool is_locked(uint32_t offset) const;
    void write_control(uint32_t written);
    void write_power(uint32_t written);
    void start_groups(uint32_t written);
    void stop_groups(uint32_t written);
    void on_ready();
    void on_calibrated();
    void raise(uint32_t flags);
    void update_irq();

    // ---- adc_l4_results.cc ----
    bool oversamples(Group group) const;
    void end_software(Group group);
    void watch(const Conversion& conversion);
    uint32_t result(const Conversion& conversion) const;
    void regular_result(const Conversion& conversion);

    // ---- adc_l4_queue.cc ----
    void write_context(uint32_t written);
    void consume_context();
    void flush_contexts();
    void clear_contexts();
    bool has_context() const { return has_queue_off() || contexts_ != 0; }
    bool has_queue_off() const;

    const Tick regulator_ticks_;
    const int64_t calibration_cycles_;
    Event ready_event_, calibration_event_;
    Tick regulated_at_ = 0;
    bool ready_ = false;
    std::array<Sum, 2> sums_;                             // of the groups that are oversampled
    uint32_t next_context_ = 0;                           // behind JSQR
    uint8_t contexts_ = 0;                                // JSQR and the next one
    bool is_served_ = false;                              // JSQR's, and kept as the last one
    bool warned_queue_ = false;
    bool warned_regulator_ = false, warned_order_ = false, warned_locked_ = false;
};

}  // namespace tinysim::stm32
