// Node: anything that stands in a .repl file and has pins. Device: a node with registers on the bus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tinysim/line.h"
#include "tinysim/wires.h"

namespace tinysim {

struct Recording;
class Archive;
class Memory;
class SerialPort;

class Node {
public:
    virtual ~Node() = default;
    virtual void state(Archive& archive) = 0;                     // all that can change, for snapshots; see archive.h
    virtual void reset() = 0;                                     // system reset; what survives it is the node's business
    virtual void note_reset(uint32_t cause) { (void)cause; }      // before reset(): the chip's own bits, 0 for AIRCR.SYSRESETREQ
    virtual Memory* memory() { return nullptr; }                  // flash that stands behind registers (UICR): loader, debugger
    virtual Line* output(std::string_view name) { (void)name; return nullptr; }   // "IRQ", "Interrupt1", "13"; null: no such output
    virtual std::optional<Line::Sink> input(unsigned number) { (void)number; return std::nullopt; }
    virtual I2cWire* i2c() { return nullptr; }
    virtual I2cTarget* i2c_target() { return nullptr; }
    virtual SpiWire* spi() { return nullptr; }
    virtual SpiTarget* spi_target() { return nullptr; }
    virtual Sockets<PdmSource>* pdm_sockets() { return nullptr; }
    virtual PdmSource* pdm_source() { return nullptr; }
    virtual Sockets<WordSource>* word_sockets() { return nullptr; }
    virtual WordSource* word_source() { return nullptr; }
    virtual Sockets<AnalogSource>* analog_sockets() { return nullptr; }
    virtual AnalogSource* analog_source() { return nullptr; }
    virtual SerialPort* serial() { return nullptr; }
    virtual bool play(const Recording& recording) { (void)recording; return false; }   // false: takes no stream
    virtual void settle() {}                                      // called before the record is taken: counters that close a run
};

class Device : public Node {
public:
    // `offset` is aligned to `bytes` (1, 2 or 4).
    virtual uint32_t read(uint32_t offset, unsigned bytes) = 0;
    virtual void write(uint32_t offset, uint32_t value, unsigned bytes) = 0;
    void state(Archive& archive) override = 0;                    // has a body: derived ones begin with it

    // The bus asks after each access: true once if the register is not modelled (it becomes a Gap in the record).
    bool take_gap() { return std::exchange(gap_, false); }

    // And: true once if the access was refused; the CPU takes it as a bus fault.
    bool take_refusal() { return std::exchange(refused_, false); }

protected:
    void not_modelled() { gap_ = true; }
    void refuse() { refused_ = true; }

private:
    bool gap_ = false;
    bool refused_ = false;
};

}  // namespace tinysim
