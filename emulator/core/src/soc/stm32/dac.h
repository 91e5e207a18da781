// DAC of the STM32F4 (RM0090 14) and, with the parameter sampleAndHold, of the L4 (RM0351 19); with triggerBits: 4 of the L4+
// (RM0432 22). Two channels, each loads its output register one clock of its bus behind a write or SWTRIG, three behind a
// trigger, with what its data register was at that moment (assumed: a DMA that is quick changes the next point).
// Inputs: n is TSEL = n. Outputs: IRQ (underrun), DmaChannel1, DmaChannel2 (levels); the record's level <name>.out1 and .out2 is
// DOR. Parameter referenceMillivolts (VREF+, 3300). The ADC's adc_block.h says how an ADC hears it.
// Not modelled: settling time, offset of the buffer; the L4's sample and hold (a gap when a MODE asks for it), calibration (CEN;
// a gap), BWST; an output that is connected inside the chip alone still drives its pin.
#pragma once

#include <array>

#include "soc/stm32/analog_outputs.h"
#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class Dac : public Peripheral, public AnalogOutputs {
public:
    explicit Dac(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    AnalogSource* driver(unsigned channel) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    static constexpr unsigned channels = 2, channel_bits = 16;

    struct Channel : AnalogSource {
        Channel(Dac& owner, unsigned number);
        int32_t microvolts(Tick at) override;
        void state(Archive& archive) { archive(load, request, holding, loading, noise, triangle, falls, output); }

        Dac& owner;
        const uint16_t level;
        Event load;
        Line request;
        uint16_t holding = 0, loading = 0;                // DHR, 12 bits; what it was at the trigger
        uint16_t noise = 0xAAA, triangle = 0;
        bool falls = false;
        uint16_t output = 0;                              // DOR
    };

    uint32_t control(unsigned channel) const { return value(0) >> channel_bits * channel; }
    uint32_t selection(unsigned channel) const;
    bool waits_for_trigger(unsigned channel) const { return (control(channel) >> (has_wide_trigger_ ? 1 : 2) & 1) != 0; }      // TEN
    bool is_software(unsigned channel) const { return selection(channel) == software_; }
    void write_control(uint32_t written);
    void hold(unsigned channel, uint32_t data);
    void on_trigger(unsigned number, bool level);
    void trigger(unsigned channel, Tick at);
    void software_triggers(uint32_t written);
    void load(unsigned channel, Tick at);
    void on_load(unsigned channel);
    uint32_t wave(unsigned channel);
    void set_output(unsigned channel, uint32_t code);
    void update_irq();

    const bool is_l4_, has_wide_trigger_;
    const uint32_t software_;                             // value of TSEL for SWTRIGR
    const int64_t reference_microvolts_;
    std::array<Channel, channels> channels_;
    bool warned_underrun_ = false;
};

}  // namespace tinysim::stm32
