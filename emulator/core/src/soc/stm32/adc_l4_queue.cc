// The queue of contexts behind the STM32L4 ADC's JSQR: the injected sequence and its trigger, and those that come next.
// RM0351 18.4.21.
#include <algorithm>

#include "soc/stm32/adc_l4.h"
#include "soc/stm32/adc_l4_registers.h"

namespace tinysim::stm32 {

using namespace adc_l4;

namespace {
constexpr uint8_t places = 2;
}  // namespace

bool L4Adc::has_queue_off() const { return has(CFGR, JQDIS); }

// JSQR is the context that acts. One that was served and is only kept (JQM 0) gives way at once.
void L4Adc::write_context(uint32_t written) {
    if (has_queue_off()) return store(JSQR, written);
    if (contexts_ == places) {
        warn_once(warned_queue_, "JSQR is written while its queue is full (ISR.JQOVF): the context is lost");
        return raise(JQOVF);
    }
    if (contexts_ == 0 || is_served_) {
        store(JSQR, written);
        contexts_ = 1;
        is_served_ = false;
    } else {
        next_context_ = written;
        contexts_ = places;
    }
}

void L4Adc::consume_context() {
    if (has_queue_off()) return;
    if (contexts_ == places) {
        store(JSQR, next_context_);
        contexts_ = 1;
    } else if (has(CFGR, JQM)) {
        clear_contexts();
    } else {
        is_served_ = true;
    }
}

// JADSTP and ADDIS: what is behind JSQR is lost, with JQM all.
void L4Adc::flush_contexts() {
    if (has_queue_off()) return;
    if (has(CFGR, JQM)) clear_contexts();
    else contexts_ = std::min<uint8_t>(contexts_, 1);
}

void L4Adc::clear_contexts() {
    value(JSQR) = 0;
    contexts_ = 0;
    is_served_ = false;
}

}  // namespace tinysim::stm32
