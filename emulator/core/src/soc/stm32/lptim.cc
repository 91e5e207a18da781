#include "soc/stm32/lptim.h"

#include <algorithm>

namespace tinysim::stm32 {

namespace {
enum : uint32_t { ISR = 0x00, ICR = 0x04, IER = 0x08, CFGR = 0x0C, CR = 0x10, CMP = 0x14, ARR = 0x18, CNT = 0x1C, OR = 0x20 };
constexpr uint32_t cmpm = 1u << 0, arrm = 1u << 1, exttrig = 1u << 2, cmpok = 1u << 3, arrok = 1u << 4, up = 1u << 5, down = 1u << 6,
                   flags = 0x7F;
constexpr uint32_t enable = 1u << 0, single = 1u << 1, continuous = 1u << 2;
constexpr uint32_t external_clock = 1u << 0, time_out = 1u << 19, set_once = 1u << 20, inverted = 1u << 21, preload = 1u << 22,
                   count_input = 1u << 23, encoder = 1u << 24;
constexpr Register table[] = {
    {"ISR", 0, 0}, {"ICR", 0, 0}, {"IER", 0, flags}, {"CFGR", 0, 0x01FEEEDF}, {"CR", 0, 7}, {"CMP", 0, 0xFFFF}, {"ARR", 1, 0xFFFF},
    {"CNT", 0, 0}, {"OR", 0, 3},
};
constexpr int count_priority = 20;
constexpr unsigned triggers = 8, first_source = 8, last_source = 11;
enum Source : uint8_t { pin_1, pin_2, comparator_1, comparator_2 };
constexpr int64_t bus_clocks = 4, kernel_clocks = 3;      // until CMP or ARR acts
}  // namespace

void Lptim::Transfer::state(Archive& archive) { archive(done, waits_for_wrap, waits_for_clock); }

Lptim::Lptim(const Construction& construction)
    : Peripheral(construction, table, Bridge::apb), has_encoder_(flag(construction, "encoder")), event_(name_ + ".count", count_priority, [this](Tick late) { on_event(late); }),
      compare_transfer_(name_ + ".cmp", [this](Tick) { on_transferred(cmpok, compare_transfer_); }),
      reload_transfer_(name_ + ".arr", [this](Tick) { on_transferred(arrok, reload_transfer_); }) {
    Lptim::reset();
}

void Lptim::reset() {
    Peripheral::reset();
    stop();
    sources_changed();
}

void Lptim::stop() {
    scheduler_.cancel(event_);
    for (Transfer* each : {&compare_transfer_, &reload_transfer_}) {
        scheduler_.cancel(each->done);
        each->waits_for_wrap = each->waits_for_clock = false;
    }
    value(CR) = 0;
    count_.reset(value(ARR), scheduler_.now());
    compare_ = value(CMP);
    running_ = once_ = armed_ = was_set_ = false;
    set_output();
}

Line* Lptim::output(std::string_view name) {
    return name == "Out" ? &out_ : name == "Wakeup" ? &irq_ : Peripheral::output(name);
}

std::optional<Line::Sink> Lptim::input(unsigned number) {
    if (number < triggers) return [this, number](bool level) { on_trigger(number, level); };
    if (number > last_source) return std::nullopt;
    return [this, source = number - first_source](bool level) {
        sources_[source] = level ? 1 : 0;
        sources_changed();
    };
}

void Lptim::on_trigger(unsigned number, bool level) {
    const uint32_t cfgr = value(CFGR), edges = cfgr >> 17 & 3;        // 1 rising, 2 falling
    if (!is_on() || (edges & (level ? 1u : 2u)) == 0 || (cfgr >> 13 & 7) != number) return;
    catch_up(scheduler_.moment());
    count_.move_to(at_);
    trigger();
    arm();
}

// RM0351 34.7.9: OR leads a comparator to IN1 or IN2 instead of the pin; without IN2 its two bits are COMP1, COMP2 or either.
void Lptim::sources_changed() {
    const uint32_t routes = value(OR) & 3;
    std::array<bool, 2> now{};
    if (has_encoder_) {
        now = {sources_[(routes & 1) != 0 ? comparator_1 : pin_1] != 0, sources_[(routes & 2) != 0 ? comparator_2 : pin_2] != 0};
    } else {
        now[0] = routes == 0 ? sources_[pin_1] != 0
                             : ((routes & 1) != 0 && sources_[comparator_1] != 0) || ((routes & 2) != 0 && sources_[comparator_2] != 0);
    }
    const std::array<bool, 2> before = std::exchange(in_, now);
    if (!is_on() || !running_ || !counts_pulses()) return;
    catch_up(scheduler_.moment());
    count_.move_to(at_);
    const bool encodes = (value(CFGR) & encoder) != 0;
    for (unsigned i = 0; i < now.size(); ++i) {
        if (now[i] == before[i]) continue;
        if (encodes) on_encoder_edge(now[i], now[1 - i] != (i != 0));
        else if (i == 0) on_counted_edge(now[i]);
    }
    arm();
}

void Lptim::on_counted_edge(bool level) {
    const uint32_t edges = (value(CFGR) >> 1 & 3) + 1;      // 1 rising, 2 falling
    if ((edges & (level ? 1u : 2u)) != 0 && count_.takes_pulse(divider())) count_one();
}

// RM0351 34.4.14: an edge of IN1 while IN2 is high, or of IN2 while IN1 is low (`other`), counts down if it rises, up if it falls;
// with the other level the other way round. CKPOL says which edges count.
void Lptim::on_encoder_edge(bool level, bool other) {
    const uint32_t edges = (value(CFGR) >> 1 & 3) + 1;
    if ((edges & (level ? 1u : 2u)) == 0) return;
    const bool falls = level == other;
    if (std::exchange(count_.down, falls) != falls) raise(falls ? down : up);
    count_one();
}

bool Lptim::is_on() const { return (value(CR) & enable) != 0 && is_clocked(); }

bool Lptim::counts_pulses() const { return (value(CFGR) & (external_clock | count_input | encoder)) != 0; }

int64_t Lptim::divider() const { return int64_t{1} << (value(CFGR) >> 9 & 7); }

void Lptim::catch_up(Tick at) {
    while (event_.is_scheduled() && event_.due() <= at) {
        const Tick due = event_.due();
        scheduler_.cancel(event_);
        on_event(scheduler_.now() - due);
    }
    at_ = std::max(at, count_.origin());
}

void Lptim::restart(Tick at) {
    count_.run(at, running_ && !counts_pulses() ? kernel_ticks() : 0, divider());
    arm();
}

// Moments of interest: matches whose flags are clear or whose edges are seen, the end of a single period, a preload.
void Lptim::arm() {
    scheduler_.cancel(event_);
    if (!count_.runs()) return;
    const bool seen = out_.has_sinks(), loads = compare_transfer_.waits_for_wrap || reload_transfer_.waits_for_wrap;
    int64_t steps = TimerCount::no_steps;
    if (seen || (value(ISR) & cmpm) == 0) steps = std::min(steps, count_.steps_to(compare_, TimerCount::both));
    if ((value(ISR) & arrm) == 0) steps = std::min(steps, count_.steps_to(count_.reload, TimerCount::both));
    if (seen || once_ || loads) steps = std::min(steps, count_.steps_to_wrap());
    if (seen) steps = std::min(steps, count_.steps_to(compare_ + 1, TimerCount::both));
    const Tick due = count_.due(steps);
    if (due != never) scheduler_.at(event_, due);
}

void Lptim::on_event(Tick late) {
    at_ = scheduler_.now() - late;
    count_.move_before(at_);
    count_one();
    arm();
}

void Lptim::count_one() {
    const bool wraps = count_.steps_to_wrap() == 1;
    count_.move(1);
    if (count_.value == compare_) was_set_ = true;
    raise((count_.value == compare_ ? cmpm : 0) | (count_.value == count_.reload ? arrm : 0));
    if (wraps) {
        for (Transfer* each : {&compare_transfer_, &reload_transfer_})
            if (each->waits_for_wrap) load(*each);
        if (once_) running_ = false, armed_ = (value(CFGR) >> 17 & 3) != 0;
        restart(at_);
    }
    set_output();
}

void Lptim::raise(uint32_t what) {
    value(ISR) |= what;
    irq_.set((value(ISR) & value(IER)) != 0);
}

// PWM: high beyond the compare value; set-once: from the first match until the block is switched off.
void Lptim::set_output() {
    const bool level = (value(CFGR) & set_once) != 0 ? was_set_ : running_ && count_.value > compare_;
    out_.set((value(CR) & enable) != 0 && level != ((value(CFGR) & inverted) != 0));
}

void Lptim::on_clock_changed() {
    catch_up(scheduler_.now());
    count_.move_to(at_);
    restart(at_);
    for (Transfer* each : {&compare_transfer_, &reload_transfer_})
        if (each->waits_for_clock) begin(*each);
}

uint32_t Lptim::read_register(uint32_t offset) {
    const Tick now = scheduler_.now();
    if (event_.is_scheduled() && event_.due() <= now) catch_up(now);
    return offset == CNT ? count_.value_at(now) : value(offset);
}

void Lptim::write_register(uint32_t offset, uint32_t written) {
    catch_up(scheduler_.now());
    count_.move_to(at_);
    switch (offset) {
    case ICR:
        value(ISR) &= ~written;
        raise(0);
        return arm();
    case CR: return write_cr(written);
    case CFGR: return write_cfgr(written);
    case CMP: return write_value(offset, written, compare_transfer_);
    case ARR: return write_value(offset, written, reload_transfer_);
    case OR:
        store(offset, written);
        return sources_changed();
    default:
        store(offset, written);
        raise(0);
    }
}

void Lptim::write_cfgr(uint32_t written) {
    if ((value(CR) & enable) != 0) return warn_once(warned_off_, "CFGR is written while ENABLE is set: the write is lost");
    store(CFGR, written);
    if ((written & encoder) != 0 && !has_encoder_) not_modelled();
    if ((written & encoder) == 0) count_.down = false;
    set_output();
}

void Lptim::write_cr(uint32_t written) {
    if ((written & ~7u) != 0) not_modelled();
    if ((written & enable) == 0) return stop();
    const bool was_on = (value(CR) & enable) != 0;
    store(CR, written);
    if (!was_on) return set_output();      // SNGSTRT and CNTSTRT count only once ENABLE is set
    if ((written & (single | continuous)) != 0) start_waiting((written & continuous) == 0);
}

void Lptim::start_waiting(bool once) {
    if (running_) {                        // from one mode to the other in flight
        once_ = once;
        return arm();
    }
    once_ = once;
    armed_ = (value(CFGR) >> 17 & 3) != 0;
    if (armed_) return;
    running_ = true;
    restart(at_);
    set_output();
}

// The first trigger starts; with TIMOUT each further one begins the period again.
void Lptim::trigger() {
    if (!armed_ && !(running_ && (value(CFGR) & time_out) != 0)) return;
    raise(exttrig);
    if (armed_) armed_ = false, running_ = true;
    else count_.value = 0, count_.restart_prescaler(at_);
    restart(at_);
    set_output();
}

void Lptim::write_value(uint32_t offset, uint32_t written, Transfer& transfer) {
    if ((value(CR) & enable) == 0) return warn_once(warned_off_, "CMP or ARR is written while ENABLE is 0: the write is lost");
    if (transfer.done.is_scheduled() || transfer.waits_for_clock) warn_once(warned_early_, "CMP or ARR is written before CMPOK or ARROK of the write before");
    store(offset, written);
    begin(transfer);
}

void Lptim::begin(Transfer& transfer) {
    const Tick kernel = kernel_ticks();
    transfer.waits_for_clock = kernel == 0;
    if (kernel != 0) scheduler_.after(transfer.done, bus_clocks * clock_ticks() + kernel_clocks * kernel);
}

void Lptim::on_transferred(uint32_t flag, Transfer& transfer) {
    transfer.waits_for_clock = kernel_ticks() == 0;           // it stopped on the way
    if (transfer.waits_for_clock) return;
    catch_up(scheduler_.moment());
    count_.move_to(at_);
    raise(flag);
    transfer.waits_for_wrap = running_ && (value(CFGR) & preload) != 0;
    if (!transfer.waits_for_wrap) load(transfer);
    arm();
}

void Lptim::load(Transfer& transfer) {
    transfer.waits_for_wrap = false;
    if (&transfer == &compare_transfer_) compare_ = value(CMP);
    else count_.reload = value(ARR);
    set_output();
}

void Lptim::state(Archive& archive) {
    Peripheral::state(archive);
    archive(count_, event_, compare_transfer_, reload_transfer_, out_, sources_, in_, at_, compare_, running_, once_, armed_, was_set_);
    archive(warned_early_, warned_off_);
}

}  // namespace tinysim::stm32
