// The DFSDM's channels and conversions: which bits a filter takes, when it is through, and what becomes of the result.
#include <algorithm>
#include <bit>

#include "soc/stm32/dfsdm.h"

namespace tinysim::stm32 {

using namespace dfsdm;

namespace {
constexpr unsigned most_at_once = 64, highest_order = 5;
constexpr int64_t kept_bits = 192;              // more than the longest watchdog filter looks back
constexpr int32_t most_24_bits = 0x7FFFFF, least_24_bits = -0x800000;
}  // namespace

// CKOUT: the kernel or audio clock divided by CKOUTDIV + 1; it stands still at CKOUTDIV 0.
Tick Dfsdm::bit_ticks() {
    const uint32_t control = configuration(0), divider = control >> ckout_divider_at & 0xFF;
    if ((control & DFSDMEN) == 0 || divider == 0 || is_stopped()) return 0;
    const bool audio = (control & CKOUTSRC) != 0 && tree() != nullptr && audio_selection_ != no_selection;
    return (audio ? tree()->kernel_period(audio_selection_, no_gate) : kernel_ticks()) * (divider + 1);
}

bool Dfsdm::hears_wire(unsigned channel) { return (configuration(channel) & DATMPX) == 0; }

// The first bit not before `at`.
int64_t Dfsdm::next_bit(Tick at) const { return (std::max<Tick>(at - origin_, 0) + period_ - 1) / period_; }

// Conversions under way begin anew on another clock.
void Dfsdm::start_clock() {
    const Tick period = bit_ticks();
    if (period == period_) return;
    origin_ = scheduler_.now();
    period_ = period;
    for (unsigned i = 0; i < filters; ++i) {
        Filter& filter = filters_[i];
        scheduler_.cancel(filter.event);
        if (filter.converts && hears_wire(filter.channel)) begin(i, filter.channel, origin_);
    }
    restart_channels();
}

// Nothing is converted any more.
void Dfsdm::restart(unsigned number) {
    Filter& filter = filters_[number];
    scheduler_.cancel(filter.event);
    filter.converts = filter.asked_regular = filter.pending = filter.is_injected = false;
    filter.waiting_injected = filter.scanning = 0;
}

void Dfsdm::ask_regular(unsigned number) {
    Filter& filter = filters_[number];
    if (!has(number, DFEN) || filter.asked_regular) return;
    filter.asked_regular = true;
    filter.pending = filter.converts;
    if (!filter.converts) next_conversion(number, scheduler_.moment());
    check_clock(filter);
}

void Dfsdm::ask_injected(unsigned number) {
    Filter& filter = filters_[number];
    const auto group = static_cast<uint8_t>(filter_word(number, JCHGR));
    if (!has(number, DFEN) || filter.waiting_injected != 0 || group == 0) return;
    if (filter.scanning == 0) filter.scanning = group;
    const auto lowest = static_cast<uint8_t>(filter.scanning & -filter.scanning);
    filter.waiting_injected = has(number, JSCAN) ? group : lowest;
    filter.scanning = has(number, JSCAN) ? 0 : filter.scanning & ~lowest;
    filter.pending = filter.converts;
    next_conversion(number, scheduler_.moment());
    check_clock(filter);
}

void Dfsdm::check_clock(const Filter& filter) {
    if (period_ == 0 && hears_wire(filter.channel))
        warn_once(warned_clock_, "a conversion is started while CKOUT stands still (DFSDMEN, CKOUTDIV): it never ends");
}

// Injected ones first, from the lowest channel of the group on.
void Dfsdm::next_conversion(unsigned number, Tick at) {
    Filter& filter = filters_[number];
    scheduler_.cancel(filter.event);
    filter.is_injected = filter.waiting_injected != 0;
    filter.converts = filter.is_injected || filter.asked_regular;
    if (!filter.converts) return;
    const unsigned regular = filter_word(number, CR1) >> regular_channel_at & 7;
    begin(number, filter.is_injected ? static_cast<unsigned>(std::countr_zero(filter.waiting_injected)) : regular, at);
}

void Dfsdm::begin(unsigned number, unsigned channel, Tick at) {
    Filter& filter = filters_[number];
    const uint32_t setting = filter_word(number, FCR), order = setting >> order_at;
    if (order > highest_order) warn_once(warned_order_, "FLTxFCR.FORD is 6 or 7, which is reserved: taken as 5");
    filter.sinc.configure(std::min(order, highest_order), (setting >> oversampling_at & 0x3FF) + 1, (setting & 0xFF) + 1);
    filter.sinc.restart();
    filter.channel = static_cast<uint8_t>(channel);
    filter.began = at;
    if (!hears_wire(channel)) return;
    if (period_ == 0) return;
    filter.next_bit = next_bit(at);
    filter.began = origin_ + filter.next_bit * period_;
    schedule(number, filter.sinc.samples_from_start());
}

void Dfsdm::schedule(unsigned number, unsigned samples) {
    Filter& filter = filters_[number];
    scheduler_.at(filter.event, origin_ + capped_ticks(period_, filter.next_bit + samples + filter.sinc.latency()));
}

void Dfsdm::on_converted(unsigned number, Tick late) {
    Filter& filter = filters_[number];
    const Tick at = scheduler_.now() - late;
    listen(filter, (at - origin_) / period_ - filter.sinc.latency());
    finish(number, at);
}

// Of the microphone among the sockets; CHINSEL takes the following channel's pin.
unsigned Dfsdm::place_of(unsigned channel) {
    const uint32_t control = configuration(channel);
    return (channel + ((control & CHINSEL) != 0 ? 1 : 0)) % channels + ((control & SITP) != 0 ? channels : 0);
}

// Up to 64 of the channel's bits. A microphone is asked for each bit once, whoever listens to it.
uint64_t Dfsdm::bits(unsigned channel, int64_t from_bit, unsigned count) {
    const unsigned place = place_of(channel);
    BitLog& log = logs_[place];
    const int64_t wanted = std::min(from_bit, slowest_listener(place));
    if (wanted < log.begin() || wanted > log.end()) log.restart(wanted);
    PdmSource* microphone = microphones_.find(place);
    while (log.end() < from_bit + count) {
        const auto missing = static_cast<unsigned>(std::min<int64_t>(from_bit + count - log.end(), most_at_once));
        const Tick from = origin_ + log.end() * period_ + (place >= channels ? period_ / 2 : 0);
        log.append(microphone == nullptr ? 0 : microphone->bits(from, period_, missing), missing);
    }
    const uint64_t taken = log.from(from_bit);
    log.forget_before(wanted - kept_bits);
    return taken;
}

int64_t Dfsdm::slowest_listener(unsigned place) {
    int64_t slowest = never;
    for (const Filter& each : filters_)
        if (each.event.is_scheduled() && place_of(each.channel) == place) slowest = std::min(slowest, each.next_bit);
    for (unsigned i = 0; i < channels; ++i)
        if (channels_[i].short_event.is_scheduled() && place_of(i) == place) slowest = std::min(slowest, channels_[i].counted_bit);
    return slowest;
}

// The microphone's bits up to `until_bit`; a one is +1, a zero -1.
void Dfsdm::listen(Filter& filter, int64_t until_bit) {
    while (filter.next_bit < until_bit) {
        const auto count = static_cast<unsigned>(std::min<int64_t>(until_bit - filter.next_bit, most_at_once));
        uint64_t heard = bits(filter.channel, filter.next_bit, count);
        for (unsigned i = 0; i < count; ++i, heard >>= 1) filter.sinc.push((heard & 1) != 0 ? 1 : -1);
        filter.next_bit += count;
    }
}

// CHDATINR: one sample, two of this channel, or one of this and one of the next (RM0351 24.4.6).
void Dfsdm::parallel_data(unsigned channel, uint32_t written) {
    if ((configuration(channel) & DATMPX) != data_of_cpu) return;
    const uint32_t packing = configuration(channel) & DATPACK;
    push_parallel(channel, static_cast<int16_t>(written));
    if (packing == interleaved) push_parallel(channel, static_cast<int16_t>(written >> 16));
    if (packing == dual) push_parallel(channel + 1, static_cast<int16_t>(written >> 16));
}

void Dfsdm::push_parallel(unsigned channel, int16_t sample) {
    for (unsigned i = 0; i < filters; ++i) {
        Filter& filter = filters_[i];
        if (filter.converts && filter.channel == channel && !hears_wire(channel) && filter.sinc.push(sample)) finish(i, scheduler_.now());
    }
}

// Shifted right and rounded, then without the offset, in 24 bits.
int32_t Dfsdm::result(const Filter& filter) {
    const uint32_t setting = value(filter.channel * channel_step + CFGR2), shift = setting >> shift_at & 31;
    const int64_t half = shift == 0 ? 0 : int64_t{1} << (shift - 1);
    const int64_t rounded = (filter.sinc.output() + half) >> shift;
    const int64_t data = rounded - (static_cast<int32_t>(setting) >> offset_at);
    if (data > most_24_bits || data < least_24_bits) warn_once(warned_range_, "a result needs more than 24 bits: CHyCFGR2.DTRBS is too small");
    return static_cast<int32_t>(static_cast<uint32_t>(data) << 8) >> 8;
}

// In clocks of the block, CNVCNT; none when the filter is bypassed (RM0351 24.4.13).
uint32_t Dfsdm::conversion_time(unsigned number, Tick at) {
    const Tick clock = kernel_ticks();
    const bool bypassed = (filter_word(number, FCR) >> oversampling_at & 0x3FF) == 0;
    return bypassed || clock == 0 ? 0 : static_cast<uint32_t>((at - filters_[number].began) / clock) << conversion_time_at;
}

void Dfsdm::finish(unsigned number, Tick at) {
    Filter& filter = filters_[number];
    const bool injected = filter.is_injected;
    const uint32_t done = injected ? JEOCF : REOCF;
    const int32_t data = result(filter);
    filter_word(number, CNVTIMR) = conversion_time(number, at);
    watch_result(number, filter.channel, data);
    if (!injected) filter.counts.produced();
    if ((filter.flags & done) != 0) {
        filter.flags |= injected ? JOVRF : ROVRF;
        warn_once(warned_lost_, "a result is lost (ISR.ROVRF, JOVRF): the one before it had not been read");
        if (!injected) filter.counts.lost();
    } else {
        const uint32_t delayed = when(!injected && filter.pending, RPEND);
        filter_word(number, injected ? JDATAR : RDATAR) = static_cast<uint32_t>(data) << 8 | filter.channel | delayed;
        filter.flags |= done;
    }
    if (injected) {
        filter.waiting_injected = static_cast<uint8_t>(filter.waiting_injected & (filter.waiting_injected - 1));
        next_conversion(number, at);
    } else {
        filter.pending = false;
        const bool goes_on = has(number, RCONT);
        filter.asked_regular = goes_on;
        if (!goes_on || !has(number, FAST)) next_conversion(number, at + (goes_on ? period_ : 0));
        else if (hears_wire(filter.channel)) schedule(number, filter.sinc.samples_following());
        if (goes_on && has(number, FAST)) filter.began = at;
    }
    update_lines(number);
}

}  // namespace tinysim::stm32
