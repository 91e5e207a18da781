// What both generations of I2C share: the phases of a transfer and their times, SCL held low and for how long, the target that
// the master called, the other masters of the bus, and faults of the wire that a host puts in.
// Outputs: EventInterrupt, ErrorInterrupt, DmaReceive, DmaTransmit (levels), Smba (the pin, low while an SMBus device alerts).
// Inputs: 1 SDA pulled low by another (a master beside us, or a fault: BUSY, and ARLO when we hold the bus); 2 a misplaced
// START or STOP (BERR); 3 SCL held low by another; 4 the SMBA pin.
// Assumed: START, repeated START and STOP take the specification's least times in SCL's own halves; a master that sets START
// while another one's is on the wire waits, so arbitration is lost to input 1 alone; a target stretches behind the
// acknowledge. Not modelled: the pins' alternate functions, rise times.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class I2cBlock : public Peripheral, protected I2cPeer {
public:
    using Peripheral::read, Peripheral::write;  // of registers; the target's bytes are give_byte and take_byte

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    I2cWire* i2c() override { return &wire_; }

protected:
    // hold: at a byte's end, SCL low, the turn of the software or of the target. second: the low byte of a 10-bit address.
    enum class Phase : uint8_t { idle, start, address, second, send, receive, acknowledge, hold, stop };

    I2cBlock(const Construction& construction, RegisterTable table);

    virtual Tick scl_low_ticks() const = 0;
    virtual Tick scl_high_ticks() const = 0;
    virtual Tick low_limit_ticks() const = 0;   // of SCL, 0: nobody watches
    virtual Tick extension_limit_ticks() const = 0;     // of what this block adds to SCL's low times (SMBus)
    virtual bool wants_start() const = 0;
    virtual void begin_start(bool repeated) = 0;
    virtual void advance() = 0;                 // from hold
    virtual void start_done() = 0;              // a phase is over
    virtual void address_done() = 0;
    virtual void second_done() = 0;
    virtual void byte_answered(bool acknowledged) = 0;
    virtual void receive_done() = 0;
    virtual void acknowledge_done() = 0;
    virtual void stop_done() = 0;
    virtual void disable() = 0;                 // flags and the target's side, as without PE
    virtual void set_busy(bool is_busy) = 0;
    virtual void lose_arbitration() = 0;
    virtual void bus_error() = 0;
    virtual void time_out() = 0;
    virtual void update_lines() = 0;
    virtual bool take_byte(uint8_t byte) = 0;   // as target; false is a NACK
    virtual uint8_t give_byte() = 0;
    virtual void byte_given(bool acknowledged) = 0;

    bool acknowledges() const override { return called_; }

    void on_clock_changed() override;
    void wait(Tick ticks, Phase phase);
    void wait_periods(unsigned count, Phase phase) { wait(count * (scl_low_ticks() + scl_high_ticks()), phase); }
    void proceed();                             // the software has done something
    bool is_held() const;                       // SCL, by the target or a fault
    bool bus_taken() const { return peer_holds_ || sda_pulled_; }
    void begin_bus(bool repeated);              // the START of this master
    void end_bus();                             // its STOP
    void abandon();                             // no STOP
    void watch_low();
    void released();                            // as target: SCL may be free again

    I2cWire wire_{this};
    Event wire_event_, low_event_, extension_event_;
    Line error_irq_, receive_request_, transmit_request_, smba_;
    Phase phase_ = Phase::idle;
    Tick at_ = 0, free_at_ = 0;                 // the wire's own time, free of lateness; end of the bus free time after STOP
    uint8_t shift_ = 0;
    bool shift_full_ = false;                   // received while the data register is unread
    bool dr_full_ = false;                      // to be sent
    bool is_read_ = false;
    bool refused_ = false;                      // after a NACK of either side
    bool owes_byte_ = false;                    // a byte of a reception that STOP does not prevent
    bool answer_due_ = false;                   // the target holds SCL before it answers a byte
    bool called_ = false, sends_ = false;       // as target, by another master; to read from us
    bool loaded_ = false;                       // as target: shift_ has the next byte
    bool smba_pin_ = true;
    I2cTarget* target_ = nullptr;

private:
    // The other master goes on also when this block has been switched off meanwhile: nobody is there.
    bool write(uint8_t byte) final { return called_ && take_byte(byte); }
    uint8_t read() final { return called_ ? give_byte() : uint8_t{0xFF}; }
    void read_answered(bool acknowledged) final {
        if (called_) byte_given(acknowledged);
    }
    void other_master(bool holds_bus) final;
    void scl_released() final;
    void on_wire(Tick late);
    void on_time_out();
    void phase_done();
    void send_done();
    void bus_changed();
    void watch_extension();

    Tick extended_ticks_ = 0, extends_since_ = never;       // before now; never: SCL is not held by us
    bool owns_bus_ = false, peer_holds_ = false, sda_pulled_ = false, scl_pulled_ = false;
};

}  // namespace tinysim::stm32
