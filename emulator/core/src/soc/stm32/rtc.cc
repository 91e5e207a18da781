#include "soc/stm32/rtc.h"

#include <algorithm>

#include "soc/stm32/rtc_registers.h"

namespace tinysim::stm32 {

using namespace rtc;

namespace {
constexpr uint32_t all = 0xFFFFFFFF, times = 0x007F7F7F, dates = 0x00FFFF3F, alarm_fields = 0xFFFFFFFF, subseconds = 0x0F007FFF;
constexpr unsigned f4_backup_words = 20, l4_backup_words = 32, words = BKP0R / 4 + l4_backup_words;

struct Map {
    Register rows[words];
};
constexpr Map registers(bool is_l4) {
    constexpr const char* names[] = {
        "BKP0R", "BKP1R", "BKP2R", "BKP3R", "BKP4R", "BKP5R", "BKP6R", "BKP7R", "BKP8R", "BKP9R", "BKP10R",
        "BKP11R", "BKP12R", "BKP13R", "BKP14R", "BKP15R", "BKP16R", "BKP17R", "BKP18R", "BKP19R", "BKP20R", "BKP21R",
        "BKP22R", "BKP23R", "BKP24R", "BKP25R", "BKP26R", "BKP27R", "BKP28R", "BKP29R", "BKP30R", "BKP31R"};
    Map map{};
    const auto put = [&map](uint32_t offset, Register row) { map.rows[offset / 4] = row; };
    put(TR, {"TR", 0, times});
    put(DR, {"DR", RtcCalendar::first_day, dates});
    put(CR, {"CR", 0, is_l4 ? 0x01FCFF7Fu : 0x00FCFFFFu});
    put(ISR, {"ISR", 0x7, 0});
    put(PRER, {"PRER", 0x007F00FF, 0x007F7FFF});
    put(WUTR, {"WUTR", 0xFFFF, 0xFFFF});
    if (!is_l4) put(CALIBR, {"CALIBR", 0, 0x9F});
    put(ALRMAR, {"ALRMAR", 0, alarm_fields});
    put(ALRMBR, {"ALRMBR", 0, alarm_fields});
    put(WPR, {"WPR", 0, 0});
    put(SSR, {"SSR", 0, 0});
    put(SHIFTR, {"SHIFTR", 0, 0});
    put(TSTR, {"TSTR", 0, 0});
    put(TSDR, {"TSDR", 0, 0});
    put(TSSSR, {"TSSSR", 0, 0});
    put(CALR, {"CALR", 0, 0xE1FF});
    put(TAFCR, is_l4 ? Register{"TAMPCR", 0, 0x01FFFFFF} : Register{"TAFCR", 0, 0x0007FF9F});
    put(ALRMASSR, {"ALRMASSR", 0, subseconds});
    put(ALRMBSSR, {"ALRMBSSR", 0, subseconds});
    if (is_l4) put(OR, {"OR", 0, 3});
    for (unsigned i = 0; i < (is_l4 ? l4_backup_words : f4_backup_words); ++i) put(BKP0R + 4 * i, {names[i], 0, all});
    return map;
}
constexpr Map f4_map = registers(false), l4_map = registers(true);

RegisterTable table_of(bool is_l4) {
    return RegisterTable(is_l4 ? l4_map.rows : f4_map.rows).first(BKP0R / 4 + (is_l4 ? l4_backup_words : f4_backup_words));
}
constexpr int priority = 15, output_priority = 16;      // an edge at a second's end is the next second's
constexpr uint8_t open = 2;
}  // namespace

Rtc::Rtc(const Construction& construction, bool is_l4)
    : Peripheral(construction, table_of(is_l4), Bridge::apb), is_l4_(is_l4),
      second_{{name_ + ".second", priority, [this](Tick late) { on_second(late); }}},
      wakeup_{{name_ + ".wakeup", priority, [this](Tick late) {
          start_wakeup(scheduler_.now() - late);
          raise(WUTF);
      }}},
      sample_{{name_ + ".tamper", priority, [this](Tick late) { on_sample(late); }}},
      output_edge_{{name_ + ".out", output_priority, [this](Tick) { follow_output(); }}},
      subseconds_{{{name_ + ".alarm_a", priority, [this](Tick) { on_subsecond(0); }}},
                  {{name_ + ".alarm_b", priority, [this](Tick) { on_subsecond(1); }}}},
      delays_{{{name_ + ".alrawf", priority, [this](Tick) { value(ISR) |= ALRAWF; }}},
              {{name_ + ".alrbwf", priority, [this](Tick) { value(ISR) |= ALRAWF << 1; }}},
              {{name_ + ".wutwf", priority, [this](Tick) { value(ISR) |= WUTWF; }}},
              {{name_ + ".rsf", priority, [this](Tick) { value(ISR) |= RSF; }}},
              {{name_ + ".initf", priority, [this](Tick) {
                  value(ISR) |= INITF;
                  cancel(second_);
              }}},
              {{name_ + ".recalpf", priority, [this](Tick) { recalibrate(); }}},
              {{name_ + ".shpf", priority, [this](Tick) { shift(); }}}} {
    reset_backup();
    if (tree() == nullptr) return;
    tree()->on_backup_reset([this] { reset_backup(); });
}

Line* Rtc::output(std::string_view name) {
    if (name == "AlarmIRQ") return &alarm_line_;
    if (name == "WakeupIRQ") return &wakeup_line_;
    if (name == "TimestampIRQ") return &stamp_line_;
    return name == "Wake" ? &wake_line_ : name == "Out" ? &output_line_ : nullptr;
}

std::optional<Line::Sink> Rtc::input(unsigned number) {
    if (number == 0) {
        is_writable_ = false;
        return [this](bool writable) { is_writable_ = writable; };
    }
    const unsigned pin = number - 1;
    if (pin >= pins) return std::nullopt;
    wired_pins_ |= static_cast<uint8_t>(1u << pin);
    return [this, pin](bool level) { on_pin(pin, level); };
}

// RM0090 26.3.7: a system reset touches INIT and the shadow registers alone.
void Rtc::reset() {
    is_locked_ = false;
    if ((value(ISR) & INIT) != 0) leave_init();
    resynchronise();
}

void Rtc::reset_backup() {
    Peripheral::reset();
    each_timed([this](Timed& timed) { cancel(timed); });
    calendar_ = {};
    key_step_ = 0;
    is_locked_ = false;
    end_pulse_ = wakeup_seconds_ = 0;
    coarse_second_ = active_ = 0;
    clock_ticks_ = tree() == nullptr ? clock_ticks(Clock::rtc, 32'768) : tree()->period(Clock::rtc);
    set_calibration();
    begin_second(0, scheduler_.now());
    start(delays_[synchronised], delay_cycles);
    update_lines();
}

void Rtc::erase_backup() {
    for (unsigned word = 0; word < (is_l4_ ? l4_backup_words : f4_backup_words); ++word) value(BKP0R + 4 * word) = 0;
}

uint32_t Rtc::isr() const { return value(ISR) | (calendar_.has_year() ? INITS : 0); }

uint32_t Rtc::read_register(uint32_t offset) {
    switch (offset) {
    case TR:
    case DR:
    case SSR: return read_time(offset);
    case ISR: return isr();
    default: return value(offset);
    }
}

// RM0090 26.3.6: reading SSR or TR holds what is above until DR is read.
uint32_t Rtc::read_time(uint32_t offset) {
    const unsigned which = offset == TR ? 0 : offset == DR ? 1 : 2;
    const uint32_t now[] = {calendar_.time, calendar_.date, subsecond()};
    if ((value(CR) & BYPSHAD) != 0) return now[which];
    if (!is_locked_) std::copy(std::begin(now), std::end(now), locked_time_);
    is_locked_ = which != 1;
    return locked_time_[which];
}

// Backup registers, TAFCR and the flags of ISR are not protected by WPR, and nothing is without DBP.
bool Rtc::may_write(uint32_t offset) {
    if (!is_writable_) {
        warn_once(warned_backup_, "a register is written while PWR's DBP is 0: the write is lost");
        return false;
    }
    if (offset >= BKP0R && holds_backup()) {
        warn_once(warned_tampered_, "a backup register is written while ISR.TAMPxF is set, which keeps it 0: the write is lost");
        return false;
    }
    const bool is_free = offset >= BKP0R || offset == TAFCR || offset == WPR || offset == ISR;
    if (!is_free && key_step_ != open) warn_once(warned_protection_, "a register is written while WPR protects it: the write is lost");
    return is_free || key_step_ == open;
}

void Rtc::write_register(uint32_t offset, uint32_t written) {
    if (!may_write(offset)) return;
    const bool is_set_up = (value(ISR) & INITF) != 0;
    switch (offset) {
    case TR: calendar_.time = is_set_up ? written & times : calendar_.time; return;
    case DR: calendar_.date = is_set_up ? written & dates : calendar_.date; return;
    case PRER: return is_set_up ? store(PRER, written) : void();
    case CR: return write_cr(written);
    case ISR: return write_isr(written);
    case WPR: return write_unlock(written & 0xFF);
    case WUTR: return (value(ISR) & WUTWF) != 0 ? store(WUTR, written) : void();
    case ALRMAR:
    case ALRMBR:
    case ALRMASSR:
    case ALRMBSSR: {
        const unsigned alarm = offset == ALRMBR || offset == ALRMBSSR ? 1 : 0;
        return is_set_up || (value(ISR) >> alarm & ALRAWF) != 0 ? store(offset, written) : void();
    }
    case CALIBR: return is_set_up ? store(CALIBR, written) : void();
    case CALR: return write_calr(written);
    case SHIFTR: return write_shiftr(written);
    case TAFCR: return write_tamper(written);
    default: return store(offset, written);
    }
}

void Rtc::write_unlock(uint32_t key) {
    constexpr uint32_t first = 0xCA, second = 0x53;
    key_step_ = key == first ? 1 : key == second && key_step_ == 1 ? open : 0;
}

// FMT and the F4's DCE change in initialisation mode alone, WUCKSEL while the wake-up timer is off.
void Rtc::write_cr(uint32_t written) {
    const uint32_t before = value(CR);
    if ((value(ISR) & INITF) == 0) written = (written & ~(FMT | DCE)) | (before & (FMT | DCE));
    if ((value(ISR) & WUTWF) == 0) written = (written & ~WUCKSEL) | (before & WUCKSEL);
    if ((written & REFCKON) != 0) not_modelled();
    store(CR, written);
    calendar_.counts_to_12 = (value(CR) & FMT) != 0;
    if ((written & ADD1H) != 0) calendar_.next_hour();
    if ((written & SUB1H) != 0) calendar_.previous_hour();
    const uint32_t risen = value(CR) & ~before, fallen = before & ~value(CR);
    for (unsigned alarm = 0; alarm < 2; ++alarm) {
        if ((fallen >> alarm & ALRAE) != 0) start(delays_[alarm_a_free + alarm], delay_cycles), cancel(subseconds_[alarm]);
        if ((risen >> alarm & ALRAE) == 0) continue;
        cancel(delays_[alarm_a_free + alarm]);
        value(ISR) &= ~(ALRAWF << alarm);
        compare(alarm, false);
    }
    if ((fallen & WUTE) != 0) start(delays_[wakeup_free], delay_cycles), stop_wakeup();
    if ((risen & WUTE) != 0) {
        cancel(delays_[wakeup_free]);
        value(ISR) &= ~WUTWF;
        start_wakeup(scheduler_.now());
    }
    follow_output();
    update_lines();
}

// Flags go by a 0; INIT and RSF are protected by WPR.
void Rtc::write_isr(uint32_t written) {
    value(ISR) &= written | ~clearable;
    if (key_step_ == open) {
        if ((written & RSF) == 0 && (value(ISR) & INIT) == 0) resynchronise();
        const bool was_init = (value(ISR) & INIT) != 0, wants_init = (written & INIT) != 0;
        if (wants_init && !was_init) {
            value(ISR) = (value(ISR) | INIT) & ~RSF;
            cancel(delays_[synchronised]);
            start(delays_[in_init], delay_cycles);
        } else if (was_init && !wants_init) {
            leave_init();
        }
    }
    update_lines();
}

void Rtc::raise(uint32_t isr_flags) {
    value(ISR) |= isr_flags;
    update_lines();
}

void Rtc::update_lines() {
    const uint32_t waiting = value(ISR), enabled = value(CR);
    const bool alarm = ((waiting & (ALRAF | ALRAF << 1)) & (enabled & (ALRAIE | ALRAIE << 1)) >> 4) != 0;
    const bool wakeup = (waiting & WUTF) != 0 && (enabled & WUTIE) != 0;
    const bool stamp = ((waiting & TSF) != 0 && (enabled & TSIE) != 0) || tamper_interrupts();
    show_alarm();
    alarm_line_.set(alarm);
    wakeup_line_.set(wakeup);
    stamp_line_.set(stamp);
    wake_line_.set(alarm || wakeup || stamp);
}

void Rtc::state(Archive& archive) {
    Peripheral::state(archive);
    archive(second_, wakeup_, sample_, output_edge_, subseconds_, delays_, calendar_, calibration_, end_pulse_, wakeup_seconds_,
            highest_subsecond_, alarm_subseconds_, shift_, coarse_second_, pins_, active_, samples_, clock_ticks_, locked_time_,
            is_locked_, is_writable_, warned_protection_, warned_backup_, warned_calibration_, warned_shift_, warned_tampered_,
            key_step_, alarm_line_, wakeup_line_, stamp_line_, wake_line_, output_line_);
}

}  // namespace tinysim::stm32
