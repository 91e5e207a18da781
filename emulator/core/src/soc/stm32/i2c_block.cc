#include "soc/stm32/i2c_block.h"

#include <algorithm>

namespace tinysim::stm32 {

namespace {
constexpr int wire_priority = 50;
}  // namespace

I2cBlock::I2cBlock(const Construction& construction, RegisterTable table)
    : Peripheral(construction, table, Bridge::apb),
      wire_event_(name_ + ".wire", wire_priority, [this](Tick late) { on_wire(late); }),
      low_event_(name_ + ".low", wire_priority, [this](Tick) { on_time_out(); }),
      extension_event_(name_ + ".extension", wire_priority, [this](Tick) { on_time_out(); }) {
    smba_.set(true);
    wait_in_stop({&wire_event_, &low_event_, &extension_event_});
}

void I2cBlock::reset() {
    Peripheral::reset();
    abandon();
    disable();
    extended_ticks_ = 0;
    update_lines();
}

Line* I2cBlock::output(std::string_view name) {
    if (name == "EventInterrupt") return &irq_;
    if (name == "ErrorInterrupt") return &error_irq_;
    if (name == "DmaReceive") return &receive_request_;
    if (name == "DmaTransmit") return &transmit_request_;
    if (name == "Smba") return &smba_;
    return nullptr;
}

std::optional<Line::Sink> I2cBlock::input(unsigned number) {
    switch (number) {
    case 1:
        return [this](bool level) {
            sda_pulled_ = level;
            bus_changed();
        };
    case 2:
        return [this](bool level) {
            if (level) bus_error();
            update_lines();
        };
    case 3:
        return [this](bool level) {
            scl_pulled_ = level;
            if (!level) proceed();
            update_lines();
        };
    case 4:
        return [this](bool level) {
            smba_pin_ = level;
            update_lines();
        };
    default: return std::nullopt;
    }
}

void I2cBlock::wait(Tick ticks, Phase phase) {
    phase_ = phase;
    scheduler_.at(wire_event_, at_ + ticks);
}

void I2cBlock::on_wire(Tick late) {
    at_ = scheduler_.now() - late;
    if (phase_ != Phase::receive) extended_ticks_ = 0;      // RM0351 39.4.12: from acknowledge to acknowledge
    phase_done();
    update_lines();
}

void I2cBlock::phase_done() {
    switch (phase_) {
    case Phase::start: return start_done();
    case Phase::address: return address_done();
    case Phase::second: return second_done();
    case Phase::send: return send_done();
    case Phase::receive: return receive_done();
    case Phase::acknowledge: return acknowledge_done();
    case Phase::stop: return stop_done();
    default: return;
    }
}

void I2cBlock::send_done() {
    const bool acknowledged = target_->write(shift_);
    answer_due_ = acknowledged && target_->holds_scl();
    if (!answer_due_) return byte_answered(acknowledged);
    phase_ = Phase::hold;
}

void I2cBlock::proceed() {
    if (is_stopped()) return;
    if (phase_ == Phase::hold) {
        at_ = std::max(at_, scheduler_.moment());
        advance();
    } else if (phase_ == Phase::idle && !bus_taken() && !scl_pulled_ && wants_start()) {
        at_ = scheduler_.moment();
        begin_start(false);
    }
}

bool I2cBlock::is_held() const { return scl_pulled_ || (target_ != nullptr && target_->holds_scl()); }

// The specification's tSU;STA and tHD;STA are a high half each, tBUF is a low half.
void I2cBlock::begin_bus(bool repeated) {
    if (!repeated) at_ = std::max(at_, free_at_);
    refused_ = owes_byte_ = false;
    wait(repeated ? scl_low_ticks() + 2 * scl_high_ticks() : scl_high_ticks(), Phase::start);
    if (!std::exchange(owns_bus_, true)) wire_.hold(true);
}

void I2cBlock::end_bus() {
    if (target_ != nullptr) target_->stop();
    target_ = nullptr;
    phase_ = Phase::idle;
    refused_ = owes_byte_ = answer_due_ = false;
    free_at_ = at_ + scl_low_ticks();
    if (std::exchange(owns_bus_, false)) wire_.hold(false);
}

void I2cBlock::abandon() {
    if (phase_ == Phase::idle) return;
    scheduler_.cancel(wire_event_);
    at_ = scheduler_.now();
    end_bus();
}

// ---- the other masters ----

void I2cBlock::other_master(bool holds_bus) {
    extended_ticks_ = 0;
    peer_holds_ = holds_bus;
    bus_changed();
}

void I2cBlock::bus_changed() {
    const bool taken = bus_taken();
    if (taken && phase_ != Phase::idle) {
        owns_bus_ = owns_bus_ && sda_pulled_;       // to a master that goes on the bus is not given back
        abandon();
        lose_arbitration();
    }
    set_busy(taken);
    if (!taken) proceed();
    update_lines();
}

void I2cBlock::scl_released() {
    if (phase_ != Phase::hold) return;
    proceed();
    update_lines();
}

void I2cBlock::released() {
    if (called_ && !holds_scl()) wire_.release_scl();
}

// What came while there was no clock goes on.
void I2cBlock::on_clock_changed() {
    if (is_stopped()) return;
    proceed();
    update_lines();
}

// SCL held low by whomever, from now on; as long as it stays so.
void I2cBlock::watch_low() {
    if (is_stopped()) return;
    const bool is_low = scl_pulled_ || phase_ == Phase::hold || holds_scl();
    const Tick limit = is_low ? low_limit_ticks() : 0;
    if (limit == 0) scheduler_.cancel(low_event_);
    else if (!low_event_.is_scheduled()) scheduler_.after(low_event_, limit);
    watch_extension();
}

// SMBus: what this block alone adds to SCL's low times, within a byte as master, from START to STOP as target.
void I2cBlock::watch_extension() {
    const Tick at = scheduler_.moment(), limit = extension_limit_ticks();
    const bool extends = limit != 0 && (called_ ? holds_scl() : phase_ == Phase::hold && !is_held());
    if (extends == (extends_since_ != never)) return;
    if (extends) {
        extends_since_ = at;
        scheduler_.at(extension_event_, at + std::max<Tick>(limit - extended_ticks_, 0));
    } else {
        extended_ticks_ += at - std::exchange(extends_since_, never);
        scheduler_.cancel(extension_event_);
    }
}

void I2cBlock::on_time_out() {
    time_out();
    update_lines();
}

void I2cBlock::state(Archive& archive) {
    Peripheral::state(archive);
    uint16_t target = wire_.place_of(target_);
    archive(wire_event_, low_event_, extension_event_, error_irq_, receive_request_, transmit_request_, smba_, phase_, at_, free_at_,
            shift_, shift_full_, dr_full_, is_read_, refused_, owes_byte_, answer_due_, called_, sends_, loaded_, owns_bus_, peer_holds_,
            sda_pulled_, scl_pulled_, smba_pin_, extended_ticks_, extends_since_, target);
    target_ = wire_.at(target);
}

}  // namespace tinysim::stm32
