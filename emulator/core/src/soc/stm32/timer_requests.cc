// Interrupts and DMA requests, and DMA bursts through DMAR. RM0090 18.3.20 (R) and 18.4.17, 18.4.18.
#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

void Timer::update_irqs() {
    const uint32_t active = value(SR) & value(DIER) & interrupts;
    update_irq_.set((active & uf) != 0);
    compare_irq_.set((active & cc_flags) != 0);
    commutation_irq_.set((active & comf) != 0);
    trigger_irq_.set((active & tf) != 0);
    break_irq_.set((active & bf) != 0);
    irq_.set(active != 0);
}

void Timer::request(uint32_t enable, Line& line) {
    if ((value(DIER) & enable) == 0) return;
    burst_enable_ = enable;
    line.pulse();
}

Line& Timer::request_line(uint32_t enable) {
    for (unsigned i = 0; i < shape_.channels; ++i)
        if (enable == compare_request(i)) return channels_[i].dma;
    return enable == uf << 8 ? dma_update_ : enable == tf << 8 ? dma_trigger_ : dma_commutation_;
}

// DMAR stands for DBL + 1 registers from DBA on, one after the other; each access but the last asks for the next one.
uint32_t Timer::access_burst(bool is_write, uint32_t written) {
    const uint32_t base = value(DCR) & 31, last = value(DCR) >> 8 & 31, offset = 4 * (base + burst_index_);
    burst_index_ = burst_index_ >= last ? 0 : static_cast<uint8_t>(burst_index_ + 1);
    uint32_t answer = 0;
    if (offset == DMAR || register_name(offset) == nullptr) not_modelled();
    else if (is_write) write_register(offset, written);
    else answer = read_register(offset);
    if (burst_index_ != 0 && burst_enable_ != 0) request(burst_enable_, request_line(burst_enable_));
    return answer;
}

}  // namespace tinysim::stm32
