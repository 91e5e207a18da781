#include "soc/nrf/twi_bus.h"

#include <utility>

namespace tinysim::nrf {

namespace {
constexpr int byte_half_periods = 18;
constexpr int wire_priority = 50;
}  // namespace

TwiBus::TwiBus(const std::string& name, Scheduler& scheduler)
    : scheduler_(scheduler),
      event_(name + ".wire", wire_priority, [this](Tick late) { on_done(late); }) {}

void TwiBus::wait(int half_periods) { scheduler_.at(event_, at_ + half_periods * half_scl_ticks_); }

void TwiBus::start(bool is_read) {
    if (is_moving() || phase_ == Phase::suspended || phase_ == Phase::stop || refused_) {
        start_pending_ = true;
        start_is_read_ = is_read;
        return;
    }
    at_ = scheduler_.now();
    begin_start(is_read);
}

void TwiBus::stop() {
    if (is_moving() || phase_ == Phase::suspended || phase_ == Phase::stop) {
        stop_pending_ = phase_ != Phase::stop;
        return;
    }
    at_ = scheduler_.now();
    begin_stop();
}

void TwiBus::suspend() {
    if (is_moving()) suspend_pending_ = true;
    if (phase_ != Phase::idle && phase_ != Phase::hold) return;
    phase_ = Phase::suspended;
    client_->on_suspended();
}

void TwiBus::resume() {
    suspend_pending_ = false;
    if (phase_ != Phase::suspended) return;
    at_ = scheduler_.now();
    advance();
}

void TwiBus::byte_ready() {
    if (phase_ != Phase::hold || refused_) return;
    at_ = scheduler_.now();
    advance();
}

void TwiBus::abort() {
    scheduler_.cancel(event_);
    if (target_ != nullptr) target_->stop();
    target_ = nullptr;
    phase_ = Phase::idle;
    owned_ = refused_ = stop_pending_ = suspend_pending_ = start_pending_ = false;
}

void TwiBus::begin_start(bool is_read) {
    const bool repeated = std::exchange(owned_, true);
    if (repeated) client_->on_end();
    is_read_ = is_read;
    phase_ = Phase::address;
    wait((repeated ? 2 : 1) + byte_half_periods);
    client_->on_start(is_read);
}

void TwiBus::begin_stop() {
    if (owned_ && !refused_) client_->on_end();
    stop_pending_ = suspend_pending_ = false;
    phase_ = Phase::stop;
    wait(1);
}

// What follows a finished byte: STOP before SUSPEND before a repeated START before the next byte.
void TwiBus::advance() {
    phase_ = owned_ ? Phase::hold : Phase::idle;
    if (stop_pending_) return begin_stop();
    if (std::exchange(suspend_pending_, false)) return suspend();
    if (refused_) return;
    if (std::exchange(start_pending_, false)) return begin_start(start_is_read_);
    if (!owned_) return;
    phase_ = is_read_ ? Phase::receive
                      : Phase::send;  // what on_byte() triggers waits for the end of this byte
    if (client_->on_byte(is_read_)) {
        if (!is_read_) byte_ = client_->next_byte();
        return wait(byte_half_periods);
    }
    phase_ = Phase::hold;
}

void TwiBus::on_done(Tick late) {
    at_ = scheduler_.now() - late;
    switch (phase_) {
    case Phase::address: return address_done();
    case Phase::send: return send_done();
    case Phase::receive: return receive_done();
    case Phase::stop: return stop_done();
    default: return;
    }
}

void TwiBus::address_done() {
    target_ = connected_ ? wire_.find(address_) : nullptr;
    if (target_ == nullptr || !target_->start(is_read_)) {
        refused_ = true;
        start_pending_ = false;
        client_->on_end();
        client_->on_address_nack();
    }
    advance();
}

void TwiBus::send_done() {
    const bool acknowledged = target_->write(byte_);
    if (!acknowledged) {
        refused_ = true;
        start_pending_ = false;
        client_->on_end();
    }
    client_->on_sent(acknowledged);
    advance();
}

void TwiBus::receive_done() {
    client_->on_received(target_->read());
    advance();
}

void TwiBus::stop_done() {
    if (target_ != nullptr) target_->stop();
    target_ = nullptr;
    phase_ = Phase::idle;
    owned_ = refused_ = false;
    client_->on_stopped();
    if (phase_ == Phase::idle && std::exchange(start_pending_, false)) begin_start(start_is_read_);
}

void TwiBus::state(Archive& archive) {
    uint16_t target = wire_.place_of(target_);
    archive(event_, phase_, half_scl_ticks_, at_, address_, byte_, is_read_, owned_, refused_,
            connected_, stop_pending_, suspend_pending_, start_pending_, start_is_read_,
            target);
    target_ = wire_.at(target);
}

}  // namespace tinysim::nrf
