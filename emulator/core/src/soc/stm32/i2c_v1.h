// I2C of the STM32F4 (SR1, SR2, CCR, TRISE), master and slave. RM0090 27. i2c_v1.cc: registers, flags, requests;
// i2c_v1_wire.cc: the master's wire, SCL period by SCL period of PCLK1; i2c_v1_slave.cc: called by another master;
// i2c_v1_smbus.cc: PEC, ARP, alert, time-outs. Outputs and inputs 1 to 4: i2c_block.h; input 0 the DMA's signal after the
// last but one byte (EOT_1, for LAST).
// Assumed: SCL's rise stays within TRISE; ACK is sampled at the end of the eighth bit; STOP while idle does nothing; PE cleared
// while SCL is held lets go; TIMEOUT (with SMBUS only) comes after 25 ms of SCL low, or 10 ms (as master, within a byte) or 25 ms
// (as slave, in a message) of it held by this block, and makes a master send STOP; a PEC goes in front of a STOP that is set with it.
// Not modelled: PEC as slave with a 10-bit address, noise filters.
#pragma once

#include "soc/stm32/i2c_block.h"

namespace tinysim::stm32 {

class I2cV1 : public I2cBlock {
public:
    explicit I2cV1(const Construction& construction);

    void state(Archive& archive) override;
    std::optional<Line::Sink> input(unsigned number) override;

protected:
    uint32_t read_register(uint32_t offset) override;
    void write_register(uint32_t offset, uint32_t written) override;

private:
    // ---- i2c_v1.cc ----
    uint32_t read_sr2();
    uint32_t read_dr();
    void write_cr1(uint32_t written);
    void write_dr(uint8_t byte);
    void write_timing(uint32_t offset, uint32_t written);
    void disable() override;
    void set_flags(uint32_t flags) { value(0x14) |= flags; }
    void clear_flags(uint32_t flags) {
        value(0x14) &= ~flags;
        seen_ &= ~flags;
    }
    void update_lines() override;

    // ---- i2c_v1_wire.cc ----
    Tick scl_low_ticks() const override;
    Tick scl_high_ticks() const override;
    Tick low_limit_ticks() const override;
    bool has_clock();
    void check_settings();
    bool wants_start() const override;
    void advance() override;
    void begin_start(bool repeated) override;
    void begin_address(uint8_t byte);
    void begin_send();
    void begin_stop();
    void address_cleared();             // ADDR, by the software
    void start_done() override;
    void address_done() override;
    void second_done() override;
    void byte_answered(bool acknowledged) override;
    void receive_done() override;
    void acknowledge_done() override;
    void stop_done() override;
    void select(I2cTarget* next, bool acknowledged);
    void let_go();
    void set_busy(bool is_busy) override;
    void lose_arbitration() override;
    void bus_error() override;
    void time_out() override;

    // ---- i2c_v1_slave.cc ----
    bool answers(uint16_t address) override;
    bool answers_header(uint16_t top_bits) const override;
    bool start(bool is_read) override;
    bool take_byte(uint8_t byte) override;
    uint8_t give_byte() override;
    void stop() override;
    void leave() override;
    void byte_given(bool acknowledged) override;
    bool holds_scl() const override;
    void load();

    // ---- i2c_v1_smbus.cc ----
    bool answers_smbus(uint16_t address);
    bool wants_pec() const;             // CR1: the next byte is the PEC
    bool sends_pec() const;             // as master, now
    void add_to_pec(uint8_t byte);
    uint8_t take_pec();                 // to be sent
    bool is_wrong_pec(uint8_t byte, bool is_pec);       // received
    Tick extension_limit_ticks() const override;
    void watch_alert();

    uint32_t seen_ = 0;                 // SR1 flags of its last read, for the sequences that clear them
    uint32_t called_as_ = 0;            // SR2's GENCALL, SMBDEFAULT, SMBHOST or DUALF
    uint8_t header_ = 0;                // of a 10-bit address
    bool acknowledges_ = false, acknowledged_before_ = false;       // ACK for this byte; ACK at the last one's end (POS)
    bool last_item_ = false;
    uint8_t pec_ = 0;                   // SR2.PEC
    uint8_t called_address_ = 0;
    bool pec_before_ = false;           // PEC at the last byte's end (POS)
    bool called_for_alert_ = false, alerted_ = false;
    bool warned_clock_ = false, warned_speed_ = false, warned_freq_ = false, warned_sb_ = false, warned_pe_ = false,
         warned_timing_ = false, warned_overrun_ = false;
};

// Registers and bits, shared by the three files.
namespace i2c_v1 {
enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, OAR1 = 0x08, OAR2 = 0x0C, DR = 0x10, SR1 = 0x14, SR2 = 0x18, CCR = 0x1C, TRISE = 0x20, FLTR = 0x24
};
enum Control1 : uint32_t {
    PE = 1u << 0, SMBUS = 1u << 1, SMBTYPE = 1u << 3, ENARP = 1u << 4, ENPEC = 1u << 5, ENGC = 1u << 6, NOSTRETCH = 1u << 7, START = 1u << 8,
    STOP = 1u << 9, ACK = 1u << 10, POS = 1u << 11, PEC = 1u << 12, ALERT = 1u << 13, SWRST = 1u << 15
};
enum Control2 : uint32_t { FREQ = 0x3F, ITERREN = 1u << 8, ITEVTEN = 1u << 9, ITBUFEN = 1u << 10, DMAEN = 1u << 11, LAST = 1u << 12 };
enum Status1 : uint32_t {
    SB = 1u << 0, ADDR = 1u << 1, BTF = 1u << 2, ADD10 = 1u << 3, STOPF = 1u << 4, RXNE = 1u << 6, TXE = 1u << 7,
    BERR = 1u << 8, ARLO = 1u << 9, AF = 1u << 10, OVR = 1u << 11, PECERR = 1u << 12, TIMEOUT = 1u << 14, SMBALERT = 1u << 15
};
enum Status2 : uint32_t {
    MSL = 1u << 0, BUSY = 1u << 1, TRA = 1u << 2, GENCALL = 1u << 4, SMBDEFAULT = 1u << 5, SMBHOST = 1u << 6, DUALF = 1u << 7
};
inline constexpr unsigned pec_at = 8;   // of SR2
enum OwnAddress : uint32_t { ADD = 0x3FF, ADDMODE = 1u << 15, ENDUAL = 1u << 0 };
enum Speed : uint32_t { divider = 0xFFF, DUTY = 1u << 14, FS = 1u << 15 };
}  // namespace i2c_v1

}  // namespace tinysim::stm32
