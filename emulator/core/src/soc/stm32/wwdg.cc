#include "soc/stm32/wwdg.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CR = 0x00, CFR = 0x04, SR = 0x08 };
constexpr Register table[] = {{"CR", 0x7F, 0xFF}, {"CFR", 0x7F, 0x3FF}, {"SR", 0, 0}};
constexpr uint32_t counter_bits = 0x7F, activated = 1u << 7, early_interrupt = 1u << 9, least = 0x40, early_flag = 1;
constexpr uint32_t watchdog_reset = 1u << 30;              // RCC_CSR.WWDGRSTF
constexpr int64_t divider = 4096;
constexpr int priority = 6;
}  // namespace

Wwdg::Wwdg(const Construction& construction)
    : Peripheral(construction, table, Bridge::apb), system_(construction.system),
      early_event_(name_ + ".early_wakeup", priority, [this](Tick) { on_early_wakeup(); }),
      bite_event_(name_ + ".reset", priority, [this](Tick) {
          bite(warned_late_, "the window watchdog is not refreshed in time and resets the chip");
      }) {
    Wwdg::reset();
}

void Wwdg::reset() {
    Peripheral::reset();
    count_from(counter_bits);
}

bool Wwdg::is_on() const { return (value(CR) & activated) != 0; }

uint32_t Wwdg::counter() const {
    const int64_t counted = count_ticks_ == 0 ? 0 : (scheduler_.now() - base_at_) / count_ticks_;
    return static_cast<uint32_t>(base_count_ - counted) & counter_bits;
}

void Wwdg::count_from(uint32_t count) {
    scheduler_.cancel(early_event_);
    scheduler_.cancel(bite_event_);
    base_at_ = scheduler_.now();
    base_count_ = count;
    count_ticks_ = is_clocked() ? clock_ticks() * divider << (value(CFR) >> 7 & 3) : 0;
    if (!is_on() || count_ticks_ == 0 || count < least) return;
    if (count > least) scheduler_.at(early_event_, base_at_ + (count - least) * count_ticks_);
    scheduler_.at(bite_event_, base_at_ + (count - least + 1) * count_ticks_);
}

void Wwdg::on_early_wakeup() {
    value(SR) |= early_flag;
    update_irq();
}

void Wwdg::on_clock_changed() { count_from(counter()); }

uint32_t Wwdg::read_register(uint32_t offset) {
    return offset == CR ? (value(CR) & activated) | counter() : value(offset);
}

// WDGA and EWI go by a reset alone, EWIF by a 0.
void Wwdg::write_register(uint32_t offset, uint32_t written) {
    if (offset == SR) {
        value(SR) &= written;
        return update_irq();
    }
    const uint32_t before = counter();
    if (offset == CFR) {
        store(CFR, written | (value(CFR) & early_interrupt));
        count_from(before);
        return update_irq();
    }
    const bool was_on = is_on();
    store(CR, written | (value(CR) & activated));
    count_from(written & counter_bits);
    if (!is_on()) return;
    if ((written & least) == 0) bite(warned_low_, "WWDG_CR is written with T6 0, which resets the chip");
    else if (was_on && before > (value(CFR) & counter_bits)) bite(warned_early_, "WWDG_CR is written above the window (CFR.W), which resets the chip");
}

void Wwdg::bite(bool& warned, const char* why) {
    warn_once(warned, why);
    system_.reset_system(watchdog_reset);
}

void Wwdg::update_irq() { irq_.set((value(SR) & early_flag) != 0 && (value(CFR) & early_interrupt) != 0); }

void Wwdg::state(Archive& archive) {
    Peripheral::state(archive);
    archive(early_event_, bite_event_, base_at_, count_ticks_, base_count_, warned_late_, warned_early_, warned_low_);
}

}  // namespace tinysim::stm32
