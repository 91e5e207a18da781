// The block that all ADCs of an STM32 share: clock, sources inside the chip, and how they work together (RM0090 13.9, 13.13.15;
// RM0351 18.4.31, 18.6). Input n is a trigger of all its ADCs, as adc_block.h numbers them.
// Data of several ADCs comes in the order in which it is converted; a request is raised when there is enough for one read.
// Parameter blockReset: the bit of RCC that resets all of them (as a gate). Of L4AdcCommon, single: there is no ADC2.
// Assumed: the F4's answers whatever ADC's clock is on. Not modelled: that ADCs which work together must have equal sequences;
// an interrupted pair that begins anew together.
#pragma once

#include <array>

#include "soc/stm32/adc_block.h"

namespace tinysim::stm32 {

class AdcCommon : public Peripheral {
public:
    using Group = AdcBlock::Group;
    static constexpr unsigned most = 3;

    explicit AdcCommon(const Construction& construction);
    void state(Archive& archive) override;
    void reset() override;
    std::optional<Line::Sink> input(unsigned number) override;

    // For its ADCs.
    void join(unsigned number, AdcBlock& adc) { adcs_[number - 1] = &adc; }
    void start(unsigned number, Group group, Tick at);      // a trigger of ADC `number`
    bool is_follower(unsigned number, Group group) const;   // starts with ADC1, on its own it does not
    Tick spacing_ticks() const;                             // between two conversions of an ADC that works interleaved
    bool takes_data() const { return count() > 1 && data_mode() != 0; }
    void put(uint32_t data);                                // a regular result, where takes_data()
    virtual Tick cycle_ticks(Tick bus_ticks, Tick kernel_ticks) const;
    virtual bool has_battery() const { return (control() >> 22 & 1) != 0; }
    virtual bool has_temperature() const { return (control() >> 23 & 1) != 0; }
    virtual bool has_reference() const { return (control() >> 23 & 1) != 0; }

protected:
    struct Layout {
        uint32_t control, data;                             // offsets
        unsigned shared;                                    // ADCs that can work together
    };
    AdcCommon(const Construction& construction, RegisterTable table, Bridge bridge, Layout layout);
    uint32_t control() const { return value(layout_.control); }
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;
    virtual unsigned count() const;                         // that work together
    virtual Tick delay_ticks() const;                       // of interleaved conversions, from one's begin to the next one's
    virtual uint32_t status() const;
    virtual bool goes_on() const { return (control() >> 13 & 1) != 0; }      // requests behind the DMA's last item

    std::array<AdcBlock*, most> adcs_{};

private:
    enum class Together : uint8_t { alone, simultaneous, interleaved, alternate };
    Together together(Group group) const;
    unsigned data_mode() const { return control() >> 14 & 3; }
    unsigned per_read() const { return data_mode() == 1 && layout_.shared == most ? 1 : 2; }
    uint32_t read_data();
    AdcBlock& master() { return *adcs_[0]; }

    const Layout layout_;
    std::array<uint16_t, 2 * most> waiting_{};
    uint8_t waiting_count_ = 0, alternate_ = 0;
};

class L4AdcCommon : public AdcCommon {
public:
    explicit L4AdcCommon(const Construction& construction);
    void state(Archive& archive) override { AdcCommon::state(archive); }
    Tick cycle_ticks(Tick bus_ticks, Tick kernel_ticks) const override;
    bool has_reference() const override { return (control() >> 22 & 1) != 0; }
    bool has_battery() const override { return (control() >> 24 & 1) != 0; }
    unsigned clock_mode() const { return control() >> 16 & 3; }

protected:
    unsigned count() const override { return (control() & 31) != 0 ? 2 : 1; }
    Tick delay_ticks() const override;
    uint32_t status() const override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    static constexpr unsigned pair = 2;
};

}  // namespace tinysim::stm32
