// The I2C master's wire: START, bytes, repeated START and STOP in the time they take, for TWI and
// TWIM alike. nRF52840 Product Specification 6.31 "TWIM". START and STOP half an SCL period each,
// repeated START a whole one (assumed), a byte with its acknowledge nine (facts/timing.md A4). A
// target that NACKs holds the bus until STOP. Not modelled: clock stretching by the target, other
// masters, rise times. Without its two pins nobody answers.
#pragma once

#include <string>

#include "tinysim/archive.h"
#include "tinysim/scheduler.h"
#include "tinysim/wires.h"

namespace tinysim::nrf {

// Who feeds the bus with bytes: one for TWI, one for TWIM.
class TwiClient {
public:
    virtual ~TwiClient() = default;
    virtual void on_start(bool is_read) = 0;  // the (repeated) START begins
    virtual bool on_byte(
        bool is_read) = 0;  // byte boundary; false: nothing to move, SCL is held low
    virtual uint8_t next_byte() = 0;
    virtual void on_sent(bool acknowledged) = 0;
    virtual void on_received(uint8_t byte) = 0;
    virtual void on_end() = 0;  // this direction is over: STOP, repeated START or NACK
    virtual void on_address_nack() = 0;
    virtual void on_suspended() = 0;
    virtual void on_stopped() = 0;
};

// Where the clients put their events and error bits: the register block.
class TwiRegisters {
public:
    virtual ~TwiRegisters() = default;
    virtual void report(unsigned event) = 0;
    virtual void report_error(uint32_t source) = 0;  // sets the bit in ERRORSRC and EVENTS_ERROR
};

// Numbers of events (offset / 4) and bits of ERRORSRC.
namespace twi {
enum Signal : unsigned {
    stopped = 1,
    rxdready = 2,
    txdsent = 7,
    error = 9,
    bb = 14,
    suspended = 18,
    rxstarted = 19,
    txstarted = 20,
    lastrx = 23,
    lasttx = 24
};
inline constexpr uint32_t overrun = 1, anack = 2, dnack = 4;
}  // namespace twi

class TwiBus {
public:
    TwiBus(const std::string& name, Scheduler& scheduler);

    void state(Archive& archive);             // but for the client: the registers know it
    I2cWire& wire() { return wire_; }
    void use(TwiClient* client) { client_ = client; }
    void set_scl_period(Tick ticks) { half_scl_ticks_ = ticks / 2; }
    void connect_pins(bool connected) { connected_ = connected; }
    void set_address(uint8_t address) { address_ = address; }

    void start(bool is_read);
    void stop();
    void suspend();
    void resume();
    void byte_ready();  // the client has something for a held bus
    void abort();       // the block is disabled

private:
    enum class Phase { idle, address, send, receive, hold, suspended, stop };

    bool is_moving() const {
        return phase_ == Phase::address || phase_ == Phase::send || phase_ == Phase::receive;
    }
    void begin_start(bool is_read);
    void begin_stop();
    void advance();
    void on_done(Tick late);
    void address_done();
    void send_done();
    void receive_done();
    void stop_done();
    void wait(int half_periods);

    Scheduler& scheduler_;
    I2cWire wire_;
    TwiClient* client_ = nullptr;
    Event event_;
    Phase phase_ = Phase::idle;
    Tick half_scl_ticks_ = 0, at_ = 0;  // at_: the wire's own time, free of lateness
    uint8_t address_ = 0, byte_ = 0;
    bool is_read_ = false, owned_ = false, refused_ = false, connected_ = false;
    bool stop_pending_ = false, suspend_pending_ = false, start_pending_ = false,
         start_is_read_ = false;
    I2cTarget* target_ = nullptr;
};

}  // namespace tinysim::nrf
