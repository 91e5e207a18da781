#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t {
    CR1 = 0x00, CR2 = 0x04, SMCR = 0x08, DIER = 0x0C, SR = 0x10, EGR = 0x14, CNT = 0x24, PSC = 0x28, ARR = 0x2C
};
enum : uint32_t { cen = 1u << 0, udis = 1u << 1, urs = 1u << 2, opm = 1u << 3, arpe = 1u << 7 };
constexpr uint32_t uif = 1u << 0, uie = 1u << 0, ude = 1u << 8, ug = 1u << 0, halves = 0xFFFF, words = 0xFFFFFFFF;
constexpr Register basic[] = {
    {"CR1", 0, 0x8F}, {"CR2", 0, 0x70}, {}, {"DIER", 0, 0x101}, {"SR", 0, 0}, {"EGR", 0, 0}, {}, {}, {},
    {"CNT", 0, halves}, {"PSC", 0, halves}, {"ARR", halves, halves},
};
constexpr Register general[] = {
    {"CR1", 0, 0x3FF}, {"CR2", 0, 0xF8}, {"SMCR", 0, 0xFFF7}, {"DIER", 0, 0x5F5F}, {"SR", 0, 0}, {"EGR", 0, 0},
    {"CCMR1", 0, halves}, {"CCMR2", 0, halves}, {"CCER", 0, 0xBBBB}, {"CNT", 0, words}, {"PSC", 0, halves},
    {"ARR", words, words}, {}, {"CCR1", 0, words}, {"CCR2", 0, words}, {"CCR3", 0, words}, {"CCR4", 0, words}, {},
    {"DCR", 0, 0x1F1F}, {"DMAR", 0, 0}, {"OR", 0, 0x0CC0},
};
constexpr uint32_t modelled_cr1 = 0x8F, modelled_dier = uie | ude;
constexpr int overflow_priority = 20;

bool is_basic(const Construction& construction) { return construction.number("channels", 4) == 0; }
}  // namespace

Timer::Timer(const Construction& construction)
    : Peripheral(construction, is_basic(construction) ? RegisterTable(basic) : RegisterTable(general), Bridge::apb),
      limit_(static_cast<uint32_t>(construction.number("initialLimit", halves))),
      update_event_(name_ + ".update", overflow_priority, [this](Tick late) { on_overflow(late); }), reload_(limit_) {
    Timer::reset();
}

void Timer::reset() {
    Peripheral::reset();
    scheduler_.cancel(update_event_);
    value(ARR) = reload_ = limit_;
    base_count_ = prescaler_ = 0;
    base_at_ = scheduler_.now();
    count_ticks_ = 0;
}

Line* Timer::output(std::string_view name) {
    return name == "DmaUpdate" ? &dma_update_ : name == "UpdateInterrupt" ? &irq_ : Peripheral::output(name);
}

uint32_t Timer::counter(Tick at) const {
    if (!is_running() || at <= base_at_) return base_count_;
    const int64_t counted = (at - base_at_) / count_ticks_;
    return static_cast<uint32_t>((base_count_ + counted) % (static_cast<int64_t>(reload_) + 1)) & limit_;
}

void Timer::rebase(Tick at) {
    const uint32_t count = counter(at);
    if (is_running()) base_at_ += (at - base_at_) / count_ticks_ * count_ticks_;
    else base_at_ = at;
    base_count_ = count;
}

// A reload value below the counter lets it run to its end first; with a reload value of 0 it stands still.
void Timer::restart() {
    scheduler_.cancel(update_event_);
    const bool runs = (value(CR1) & cen) != 0 && reload_ != 0;
    count_ticks_ = runs ? timer_ticks() * (int64_t{prescaler_} + 1) : 0;
    if (!is_running()) return;
    const int64_t end = base_count_ <= reload_ ? reload_ : limit_;
    scheduler_.at(update_event_, base_at_ + (end - base_count_ + 1) * count_ticks_);
}

void Timer::update(bool by_software) {
    base_count_ = 0;
    if ((value(CR1) & udis) == 0) {
        prescaler_ = value(PSC);
        reload_ = value(ARR);
        if (!by_software || (value(CR1) & urs) == 0) {
            value(SR) |= uif;
            if ((value(DIER) & ude) != 0) dma_update_.pulse();
        }
    }
    if (!by_software && (value(CR1) & opm) != 0) value(CR1) &= ~cen;
    restart();
    update_irq();
}

void Timer::on_overflow(Tick late) {
    base_at_ = scheduler_.now() - late;
    update(false);
}

void Timer::on_clock_changed() {
    rebase(scheduler_.now());
    restart();
}

uint32_t Timer::read_register(uint32_t offset) { return offset == CNT ? counter(scheduler_.now()) : value(offset); }

void Timer::write_register(uint32_t offset, uint32_t written) {
    const Tick now = scheduler_.now();
    switch (offset) {
    case CR1: return write_cr1(written);
    case SR: value(SR) &= written; break;
    case EGR:
        if ((written & ~ug) != 0) not_modelled();
        if ((written & ug) == 0) return;
        base_at_ = now;
        return update(true);
    case CNT:
        base_at_ = now;
        base_count_ = written & limit_;
        return restart();
    case ARR:
        value(ARR) = written & limit_;
        if ((value(CR1) & arpe) != 0) return;
        rebase(now);
        reload_ = value(ARR);
        return restart();
    default: write_unmodelled(offset, written);
    }
    update_irq();
}

void Timer::write_cr1(uint32_t written) {
    rebase(scheduler_.now());
    store(CR1, written);
    if ((value(CR1) & ~modelled_cr1) != 0) not_modelled();
    restart();
}

void Timer::write_unmodelled(uint32_t offset, uint32_t written) {
    store(offset, written);
    const uint32_t beyond = offset == DIER ? value(DIER) & ~modelled_dier : offset == PSC || offset == CR2 ? 0 : written;
    if (beyond != 0) not_modelled();
}

void Timer::update_irq() { irq_.set((value(SR) & value(DIER) & uie) != 0); }

void Timer::state(Archive& archive) {
    Peripheral::state(archive);
    archive(update_event_, dma_update_, base_at_, count_ticks_, base_count_, prescaler_, reload_);
}

}  // namespace tinysim::stm32
