#include "soc/nrf/peripheral.h"

namespace tinysim::nrf {

namespace {
constexpr uint32_t tasks_end = 0x100;
constexpr uint32_t events_end = 0x200;

uint32_t merge_narrow(uint32_t old_value, uint32_t offset, uint32_t value, unsigned bytes) {
    if (bytes == 4) return value;
    const unsigned shift = (offset & 3) * 8;
    const uint32_t mask = (bytes == 1 ? 0xFFu : 0xFFFFu) << shift;
    return (old_value & ~mask) | ((value << shift) & mask);
}
}  // namespace

Peripheral::Peripheral(const Construction& construction)
    : scheduler_(construction.scheduler), recorder_(construction.recorder), fabric_(construction.fabric),
      name_(construction.name), address_(construction.address) {}

void Peripheral::has_tasks(std::initializer_list<unsigned> indices) {
    for (unsigned index : indices) {
        task_mask_ |= uint64_t{1} << index;
        fabric_.offer_task(address_ + 4 * index, [this, index] {
            if (is_enabled()) task(index);
        });
    }
}

void Peripheral::has_events(std::initializer_list<unsigned> indices) {
    for (unsigned index : indices) event_mask_ |= uint64_t{1} << index;
}

void Peripheral::reset() {
    events_ = 0;
    shorts_ = 0;
    inten_ = 0;
    update_irq();
}

void Peripheral::update_irq() {
    irq_.set((events_ & inten_) != 0);
}

void Peripheral::raise(unsigned event) {
    put(event, true);
    update_irq();
    for (const Short& each : short_table_)
        if (each.event == event && ((shorts_ >> each.bit) & 1) != 0) task(each.task);
    if (reaches_ppi(event)) fabric_.publish(address_ + 0x100 + 4 * event);
}

void Peripheral::write_task(unsigned index, uint32_t value) {
    if (((task_mask_ >> index) & 1) == 0) return not_modelled();
    if ((value & 1) != 0 && is_enabled()) task(index);
}

uint32_t Peripheral::read_event(unsigned index) {
    if (((event_mask_ >> index) & 1) == 0) not_modelled();
    return event_is_set(index) ? 1 : 0;
}

void Peripheral::write_event(unsigned index, uint32_t value) {
    if (((event_mask_ >> index) & 1) == 0) return not_modelled();
    put(index, (value & 1) != 0);
    update_irq();
}

uint32_t Peripheral::read(uint32_t offset, unsigned bytes) {
    const uint32_t word = offset & ~3u;
    uint32_t value = 0;
    if (word < tasks_end) value = 0;
    else if (word < events_end) value = read_event((word - tasks_end) / 4);
    else if (word == shorts_offset && !short_table_.empty()) value = shorts_;
    else if (word >= inten_offset && word <= intenclr_offset) value = inten_;
    else value = read_register(word);
    const unsigned shift = (offset & 3) * 8;
    return bytes == 4 ? value : (value >> shift) & (bytes == 1 ? 0xFFu : 0xFFFFu);
}

void Peripheral::write(uint32_t offset, uint32_t value, unsigned bytes) {
    const uint32_t word = offset & ~3u;
    if (bytes != 4) value = merge_narrow(word < events_end ? 0 : read(word, 4), offset, value, bytes);
    if (word < tasks_end) {
        write_task(word / 4, value);
    } else if (word < events_end) {
        write_event((word - tasks_end) / 4, value);
    } else if (word == shorts_offset && !short_table_.empty()) {
        shorts_ = 0;
        for (const Short& each : short_table_)
            if (((event_mask_ >> each.event) & 1) != 0) shorts_ |= value & (1u << each.bit);
    } else if (word >= inten_offset && word <= intenclr_offset) {
        const auto implemented = static_cast<uint32_t>(event_mask_);
        if (word == inten_offset) inten_ = value & implemented;
        if (word == intenset_offset) inten_ |= value & implemented;
        if (word == intenclr_offset) inten_ &= ~value;
        update_irq();
        on_inten_written();
    } else {
        write_register(word, value);
    }
}

void Peripheral::state(Archive& archive) {
    Device::state(archive);
    archive(events_, shorts_, inten_, irq_);
}

}  // namespace tinysim::nrf
