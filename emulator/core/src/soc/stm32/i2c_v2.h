// I2C of the STM32L4 (TIMINGR, ISR, NBYTES), master and slave. RM0351 39. i2c_v2.cc: registers, flags, requests; i2c_v2_wire.cc:
// the master's wire in the times of TIMINGR and the kernel clock; i2c_v2_slave.cc: called by another master; i2c_v2_smbus.cc: PEC,
// alert, time-outs. Outputs and inputs: i2c_block.h.
// Assumed: tSYNC1 and tSYNC2 are two kernel clocks and the digital filter's each (the least that RM0351 39.4.9 gives), slopes
// and the analog filter add none; STOP set while idle is forgotten; TIMEOUT makes a master send STOP; PECR keeps the code of a
// message until the next START, without the code itself; an idle bus sets TIMEOUT (TIDLE) once.
// Not modelled: TXIS written by software, wake-up from Stop (WUPEN is kept), SDADEL and SCLDEL.
#pragma once

#include "soc/stm32/i2c_block.h"

namespace tinysim::stm32 {

class I2cV2 : public I2cBlock {
public:
    explicit I2cV2(const Construction& construction);

    void state(Archive& archive) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    // ---- i2c_v2.cc ----
    uint32_t status() const;
    bool wants_byte() const;            // TXIS
    uint32_t read_rxdr();
    void write_cr1(uint32_t written);
    void write_cr2(uint32_t written);
    void write_isr(uint32_t written);
    void write_icr(uint32_t written);
    void write_txdr(uint32_t written);
    void write_timing(uint32_t written);
    void disable() override;
    void update_lines() override;
    void set_flags(uint32_t flags);
    void clear_flags(uint32_t flags);
    uint32_t nbytes() const;
    bool has(uint32_t control2) const;

    // ---- i2c_v2_wire.cc ----
    Tick scl_low_ticks() const override;
    Tick scl_high_ticks() const override;
    Tick low_limit_ticks() const override;
    Tick scl_ticks(uint32_t count) const;
    bool has_clock();
    bool wants_start() const override;
    void begin_start(bool repeated) override;
    void begin_stop();
    void advance() override;
    void start_done() override;
    void address_done() override;
    void second_done() override;
    void select(I2cTarget* next, bool acknowledged);
    bool take_next();
    void count_done();
    void byte_answered(bool acknowledged) override;
    void receive_done() override;
    void acknowledge_done() override;
    void take_received();
    void stop_done() override;
    void set_busy(bool is_busy) override;
    void lose_arbitration() override;
    void bus_error() override;
    void time_out() override;

    // ---- i2c_v2_slave.cc ----
    bool answers(uint16_t address) override;
    bool answers_header(uint16_t top_bits) const override;
    bool answers_second(uint16_t address) const;
    bool start(bool is_read) override;
    bool take_byte(uint8_t byte) override;
    bool acknowledges() const override;
    uint8_t give_byte() override;
    void stop() override;
    void leave() override;
    void byte_given(bool acknowledged) override;
    bool holds_scl() const override;
    void deliver(uint8_t byte);
    void load();

    // ---- i2c_v2_smbus.cc ----
    enum class Check : uint8_t { none, passed, failed };
    bool answers_smbus(uint16_t address) const;
    bool pec_is_next() const;
    void begin_pec();                   // of a message
    void add_to_pec(uint8_t byte);
    uint8_t take_pec();                 // to be sent
    Check check_pec(uint8_t byte);      // received; none: it is no PEC
    Tick extension_limit_ticks() const override;
    Tick limit_ticks(uint32_t count, int64_t clocks) const;
    void watch_idle();
    void watch_alert();

    uint32_t left_ = 0;                 // of NBYTES
    uint32_t called_as_ = 0;            // ADDCODE
    bool sends_data_ = false;           // as master, behind an address that was answered
    bool turns_ = false;                // a 10-bit address has been sent to be read from: repeated START follows
    Check checked_ = Check::none;       // as slave: the byte whose answer is due
    Event idle_event_;
    bool told_idle_ = false, alerted_ = false;
    bool warned_clock_ = false, warned_speed_ = false, warned_timing_ = false, warned_overrun_ = false;
};

}  // namespace tinysim::stm32
