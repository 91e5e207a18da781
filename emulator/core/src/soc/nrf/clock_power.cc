#include "soc/nrf/clock_power.h"

namespace tinysim::nrf {

using namespace clock_power;

namespace {
constexpr uint32_t resetreas_offset = 0x400, ramstatus_offset = 0x428, usbregstatus_offset = 0x438,
                   systemoff_offset = 0x500, gpregret_offset = 0x51C, gpregret2_offset = 0x520,
                   mainregstatus_offset = 0x640, ram_offset = 0x900, ram_end = 0x990;
constexpr uint32_t clock_status_begin = 0x408, clock_status_end = 0x420;
constexpr uint32_t ram_power_after_reset = 0x0000FFFF;
constexpr uint32_t cause_pin = 1u << 0, cause_watchdog = 1u << 1, cause_software = 1u << 2;
constexpr uint32_t resetreas_mask = 0x001F000F;
constexpr uint32_t sleep_events = 1u << sleepenter | 1u << sleepexit;
constexpr int clock_priority = 10;

struct Plain {
    uint32_t offset, mask, after_reset;
};
// clang-format off
constexpr std::array<Plain, 8> plain_table{{
    {0x510, 0x00000F1F, 0},                                        // POFCON
    {lfclksrc_offset, 0x00030003, 0},
    {hfxodebounce_offset, 0x000000FF, hfxodebounce_after_reset},
    {ctiv_offset, 0x0000007F, 0},
    {0x55C, 0x00030003, 0},                                        // TRACECONFIG
    {0x578, 0x00000001, 0},                                        // DCDCEN
    {0x580, 0x00000001, 0},                                        // DCDCEN0
    {0x558, 0x000000FF, 0},                                        // APPROTECT.DISABLE, later revisions of the chip
}};
// clang-format on

size_t plain_index(uint32_t offset) {
    size_t index = 0;
    while (index < plain_table.size() && plain_table[index].offset != offset) ++index;
    return index;
}
}  // namespace

NrfClockPower::NrfClockPower(const Construction& construction)
    : Peripheral(construction), system_(construction.system),
      hfxo_startup_us_(construction.chip_number("hfxo_startup_us", 360)),
      lfxo_startup_us_(construction.chip_number("lfxo_startup_us", 250'000)),
      lfrc_startup_us_(construction.chip_number("lfrc_startup_us", 600)),
      lfsynt_startup_us_(construction.chip_number("lfsynt_startup_us", 100)),
      lfrc_calibration_us_(construction.chip_number("lfrc_calibration_us", 16'000)),
      idle_to_cpu_ns_(construction.chip_number("idle_to_cpu_ns", 0)),
      idle_to_cpu_constant_latency_ns_(construction.chip_number("idle_to_cpu_constant_latency_ns", 0)),
      hfxo_event_(name_ + ".hfxo", clock_priority,
                  [this](Tick) {
                      hfxo_.set(true);
                      raise(hfclkstarted);
                  }),
      lfrc_event_(name_ + ".lfrc", clock_priority, [this](Tick) { lfclk_runs_from(LfSource::rc); }),
      lfclk_event_(name_ + ".lfclk", clock_priority,
                   [this](Tick) {
                       lfclk_runs_from(static_cast<LfSource>(lfclksrc_copy_));
                       raise(lfclkstarted);
                   }),
      calibration_event_(name_ + ".calibration", clock_priority, [this](Tick) { raise(done); }),
      calibration_timer_event_(name_ + ".ctto", clock_priority, [this](Tick) { raise(ctto); }) {
    has_tasks(
        {hfclkstart, hfclkstop, lfclkstart, lfclkstop, cal, ctstart, ctstop, constlat, lowpwr});
    has_events({hfclkstarted, lfclkstarted, pofwarn, done, ctto, sleepenter, sleepexit, usbdetected,
                usbremoved, usbpwrrdy, ctstarted, ctstopped});
    NrfClockPower::reset();
}

// RESETREAS gathers causes and GPREGRET is retained (5.3.8); reset() leaves both.
void NrfClockPower::note_reset(uint32_t cause) {
    resetreas_ |= cause == 0 ? cause_software : cause & resetreas_mask;
    if ((cause & (cause_pin | cause_watchdog)) != 0) gpregret_ = gpregret2_ = 0;
}

void NrfClockPower::reset() {
    Peripheral::reset();
    stop_clocks();
    constlat_.set(false);
    choose_latency();
    for (size_t i = 0; i < plain_.size(); ++i) plain_[i] = plain_table[i].after_reset;
    ram_power_.fill(ram_power_after_reset);
}

Line* NrfClockPower::output(std::string_view name) {
    if (name == "LFCLK") return &lfclk_;
    if (name == "HFXO") return &hfxo_;
    if (name == "CONSTLAT") return &constlat_;
    return Peripheral::output(name);
}

std::optional<Line::Sink> NrfClockPower::input(unsigned number) {
    if (number != 0) return std::nullopt;
    knows_sleep_ = true;
    return [this](bool sleeps) { raise(sleeps ? sleepenter : sleepexit); };
}

void NrfClockPower::on_inten_written() {
    if (!knows_sleep_ && (inten() & sleep_events) != 0) not_modelled();
}

void NrfClockPower::task(unsigned index) {
    if (index != constlat && index != lowpwr) return clock_task(index);
    constlat_.set(index == constlat);
    choose_latency();
}

void NrfClockPower::choose_latency() {
    const int64_t latency_ns = constlat_.level() ? idle_to_cpu_constant_latency_ns_ : idle_to_cpu_ns_;
    system_.set_wake_latency(latency_ns * scheduler_.ticks_per_second() / 1'000'000'000);
}

uint32_t& NrfClockPower::plain(uint32_t offset) { return plain_[plain_index(offset)]; }

uint32_t NrfClockPower::read_register(uint32_t offset) {
    if (plain_index(offset) < plain_.size()) return plain(offset);
    if (offset >= clock_status_begin && offset < clock_status_end) return read_clock_status(offset);
    if (offset >= ram_offset && offset < ram_end && offset % 16 != 12)
        return ram_power_[(offset - ram_offset) / 16];
    switch (offset) {
    case resetreas_offset: return resetreas_;
    case usbregstatus_offset: return 0;
    case mainregstatus_offset: return 0;  // normal voltage mode
    case systemoff_offset: return 0;
    case gpregret_offset: return gpregret_;
    case gpregret2_offset: return gpregret2_;
    case ramstatus_offset:
    default: not_modelled(); return 0;
    }
}

bool NrfClockPower::write_ram_power(uint32_t offset, uint32_t value) {
    if (offset < ram_offset || offset >= ram_end || offset % 16 == 12) return false;
    uint32_t& power = ram_power_[(offset - ram_offset) / 16];
    if (offset % 16 == 0) power = value;
    if (offset % 16 == 4) power |= value;
    if (offset % 16 == 8) power &= ~value;
    return true;
}

void NrfClockPower::write_power(uint32_t offset, uint32_t value) {
    switch (offset) {
    case resetreas_offset: resetreas_ &= ~value; return;
    case gpregret_offset: gpregret_ = value & 0xFF; return;
    case gpregret2_offset: gpregret2_ = value & 0xFF; return;
    case systemoff_offset:
        if ((value & 1) != 0) system_.system_off();
        return;
    default: not_modelled(); return;
    }
}

void NrfClockPower::write_register(uint32_t offset, uint32_t value) {
    const size_t index = plain_index(offset);
    if (index < plain_.size())
        plain_[index] = value & plain_table[index].mask;
    else if (!write_ram_power(offset, value))
        write_power(offset, value);
}

void NrfClockPower::state(Archive& archive) {
    Peripheral::state(archive);
    archive(hfxo_event_, lfrc_event_, lfclk_event_, calibration_event_,
            calibration_timer_event_, lfclk_, hfxo_, constlat_, plain_, ram_power_, resetreas_,
            gpregret_, gpregret2_, hfclk_started_, lfclk_started_, lfclksrc_copy_, lf_source_,
            knows_sleep_, warned_calibration_);
}

}  // namespace tinysim::nrf
