// The Instrumentation Trace Macrocell and the registers of the TPIU: DDI 0403 C1.7, C1.10. Ports 0 to 30 speak to the
// record as the UARTs "itm0" to "itm30", port 31 sets marks: the level "itm31", and stages that the host has named.
// Not modelled: the packets and the speed of SWO (a port is always ready), timestamps, ports 32 to 255.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "tinysim/archive.h"
#include "tinysim/recorder.h"

namespace tinysim {

struct RunLog;

class Itm {
public:
    static constexpr unsigned mark_port = 31;

    Itm(Recorder& recorder, RunLog& log, const Scheduler& scheduler) : recorder_(recorder), log_(log), scheduler_(scheduler) {}
    void state(Archive& archive);
    void name_ports();                                       // before the guest runs: names are the same in all snapshots

    // `offset` from E0000000; `unit_enabled` is DEMCR.TRCENA. False: not modelled.
    bool read(uint32_t offset, bool unit_enabled, uint32_t& value) const;
    bool write(uint32_t offset, uint32_t value, unsigned bytes, bool unit_enabled, bool privileged);
    bool read_tpiu(uint32_t offset, uint32_t& value) const;
    bool write_tpiu(uint32_t offset, uint32_t value);

    void enable_all();                                       // as a debug probe does
    void name_mark(uint32_t value, uint16_t stage) { stages_[value] = stage; }

private:
    bool is_on(unsigned port, bool unit_enabled) const { return unit_enabled && (control_ & 1) != 0 && (enabled_ >> port & 1) != 0; }
    void stimulate(unsigned port, uint32_t value, unsigned bytes);
    void mark(uint32_t value);

    Recorder& recorder_;
    RunLog& log_;
    const Scheduler& scheduler_;
    std::array<uint16_t, mark_port> uarts_{};
    uint16_t mark_level_ = 0;
    bool named_ = false;
    std::unordered_map<uint32_t, uint16_t> stages_;          // value -> stage
    uint32_t control_ = 0, enabled_ = 0, privileged_only_ = 0;
    bool locked_ = true;                                     // ITM_LAR
    uint64_t open_stage_ = 0;                                // its row in the log and one; 0: none
    uint32_t tpiu_port_size_ = 1, tpiu_prescaler_ = 0, tpiu_protocol_ = 1, tpiu_formatter_ = 0x102;
};

}  // namespace tinysim
