// I2C of the STM32F4 (SR1, SR2, CCR, TRISE), as master. RM0090 27. i2c_v1.cc: registers, flags, requests; i2c_v1_wire.cc:
// the wire, SCL period by SCL period of PCLK1. Outputs: EventInterrupt, ErrorInterrupt, DmaReceive, DmaTransmit (levels).
// Inputs: 0 the DMA's signal after the last but one byte (EOT_1, for LAST); 1 another master holds the bus (ARLO when we do);
// 2 a misplaced START or STOP (BERR).
// Assumed: START, repeated START and STOP take the specification's least times in SCL's own halves; SCL's rise stays within
// TRISE; ACK is sampled at the end of the eighth bit; STOP while idle does nothing; PE cleared while SCL is held lets go.
// Not modelled: slave mode (OAR1 and OAR2 are kept, nobody calls: a finding when ACK is set with an own address), stretching by
// the target, SMBus, PEC, time-outs (gaps when switched on), the pins' alternate functions, noise filters.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32 {

class I2cV1 : public Peripheral {
public:
    explicit I2cV1(const Construction& construction);

    void state(Archive& archive) override;
    void reset() override;
    Line* output(std::string_view name) override;
    std::optional<Line::Sink> input(unsigned number) override;
    I2cWire* i2c() override { return &wire_; }

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    // hold: at a byte's end, SCL low, the software's turn. second: the low byte of a 10-bit address.
    enum class Phase : uint8_t { idle, start, address, second, send, receive, acknowledge, hold, stop };

    // ---- i2c_v1.cc ----
    uint32_t read_sr2();
    uint32_t read_dr();
    void write_cr1(uint32_t written);
    void write_dr(uint8_t byte);
    void write_timing(uint32_t offset, uint32_t written);
    void disable();
    void set_flags(uint32_t flags) { value(0x14) |= flags; }
    void clear_flags(uint32_t flags) {
        value(0x14) &= ~flags;
        seen_ &= ~flags;
    }
    void update_lines();

    // ---- i2c_v1_wire.cc ----
    Tick scl_low_ticks() const;
    Tick scl_high_ticks() const;
    bool has_clock();
    void check_settings();
    void proceed();                     // the software has done something
    void advance();                     // at a byte's end
    void wait(Tick ticks, Phase phase);
    void wait_periods(unsigned count, Phase phase) { wait(count * (scl_low_ticks() + scl_high_ticks()), phase); }
    void on_wire(Tick late);
    void begin_start(bool repeated);
    void begin_address(uint8_t byte);
    void begin_send();
    void begin_stop();
    void address_cleared();             // ADDR, by the software
    void start_done();
    void address_done();
    void second_done();
    void send_done();
    void receive_done();
    void acknowledge_done();
    void stop_done();
    void select(I2cTarget* next, bool acknowledged);
    void let_go();
    void other_master(bool holds);

    I2cWire wire_;
    Event wire_event_;
    Line error_irq_, receive_request_, transmit_request_;
    uint32_t seen_ = 0;                 // SR1 flags of its last read, for the sequences that clear them
    Phase phase_ = Phase::idle;
    Tick at_ = 0, free_at_ = 0;         // the wire's own time, free of lateness; end of the bus free time after STOP
    uint8_t shift_ = 0, header_ = 0;    // header_: of a 10-bit address
    bool shift_full_ = false;           // received while DR is unread
    bool dr_full_ = false;              // to be sent
    bool is_read_ = false;
    bool refused_ = false;              // after a NACK of either side: STOP or START only
    bool acknowledges_ = false, acknowledged_before_ = false;       // ACK for this byte; ACK at the last one's end (POS)
    bool last_item_ = false;
    bool bus_taken_ = false;
    I2cTarget* target_ = nullptr;
    bool warned_clock_ = false, warned_speed_ = false, warned_freq_ = false, warned_sb_ = false, warned_pe_ = false,
         warned_timing_ = false, warned_slave_ = false;
};

// Registers and bits, shared by i2c_v1.cc and i2c_v1_wire.cc.
namespace i2c_v1 {
enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, OAR1 = 0x08, OAR2 = 0x0C, DR = 0x10, SR1 = 0x14, SR2 = 0x18, CCR = 0x1C, TRISE = 0x20, FLTR = 0x24
};
enum Control1 : uint32_t {
    PE = 1u << 0, SMBUS = 1u << 1, ENARP = 1u << 4, ENPEC = 1u << 5, START = 1u << 8, STOP = 1u << 9, ACK = 1u << 10,
    POS = 1u << 11, PEC = 1u << 12, ALERT = 1u << 13, SWRST = 1u << 15
};
enum Control2 : uint32_t { FREQ = 0x3F, ITERREN = 1u << 8, ITEVTEN = 1u << 9, ITBUFEN = 1u << 10, DMAEN = 1u << 11, LAST = 1u << 12 };
enum Status1 : uint32_t {
    SB = 1u << 0, ADDR = 1u << 1, BTF = 1u << 2, ADD10 = 1u << 3, STOPF = 1u << 4, RXNE = 1u << 6, TXE = 1u << 7,
    BERR = 1u << 8, ARLO = 1u << 9, AF = 1u << 10, OVR = 1u << 11, PECERR = 1u << 12, TIMEOUT = 1u << 14, SMBALERT = 1u << 15
};
enum Status2 : uint32_t { MSL = 1u << 0, BUSY = 1u << 1, TRA = 1u << 2 };
enum OwnAddress : uint32_t { ADD = 0x3FF };
enum Speed : uint32_t { divider = 0xFFF, DUTY = 1u << 14, FS = 1u << 15 };
}  // namespace i2c_v1

}  // namespace tinysim::stm32
