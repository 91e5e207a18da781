// The DFSDM's detectors (RM0351 24.4.4, 24.4.10 to 24.4.12): analog watchdogs of results and of the wire, extremes, short circuits,
// absent clocks. A watchdog's filter has no memory of its own: it is run over the bits that a value is made of.
#include <algorithm>
#include <bit>

#include "soc/stm32/dfsdm.h"

namespace tinysim::stm32 {

using namespace dfsdm;

namespace {
constexpr int detector_priority = 50;
constexpr unsigned most_at_once = 64;
constexpr uint32_t longest_count = 256, wire_settings = CHEN | DATMPX | SPICKSEL | SITP | CHINSEL;

std::string detector(const std::string& block, const char* kind, unsigned channel) { return block + kind + std::to_string(channel); }
uint32_t bit(unsigned number) { return 1u << number; }
}  // namespace

Dfsdm::Channel::Channel(Dfsdm& owner, unsigned number)
    : watchdog_event(detector(owner.name_, ".watchdog", number), detector_priority,
                     [&owner, number](Tick late) { owner.on_watchdog(number, late); }),
      short_event(detector(owner.name_, ".short", number), detector_priority,
                  [&owner, number](Tick late) { owner.on_short(number, late); }) {}

bool Dfsdm::hears_clock(unsigned channel) {
    const uint32_t control = configuration(channel);
    return period_ != 0 && hears_wire(channel) && (control & CHEN) != 0 && (control & SITP) <= 1 && (control & SPICKSEL) == clock_of_ckout;
}

// Whether a filter's watchdog guards the channel's wire (AWFSEL), or its results.
bool Dfsdm::watches(unsigned number, unsigned channel, bool wire) {
    return has(number, DFEN) && has(number, AWFSEL) == wire && (filter_word(number, CR2) & bit(watched_at + channel)) != 0;
}

bool Dfsdm::is_watched(unsigned channel) {
    bool watched = false;
    for (unsigned i = 0; i < filters; ++i) watched = watched || watches(i, channel, true);
    return watched;
}

// A channel that hears otherwise than before begins anew; one that hears no clock has CKABF.
void Dfsdm::follow_channel(unsigned channel, uint32_t before) {
    const uint32_t control = configuration(channel);
    if ((control & CKABEN) != 0 && (configuration(0) & CKOUTSRC) != 0)
        warn_once(warned_absence_, "CHyCFGR1.CKABEN needs the system clock as CKOUT's source (CH0CFGR1.CKOUTSRC = 0)");
    Channel& mine = channels_[channel];
    if (((control ^ before) & wire_settings) != 0) {
        scheduler_.cancel(mine.watchdog_event);
        scheduler_.cancel(mine.short_event);
        mine.first_bit = period_ == 0 ? 0 : next_bit(scheduler_.now());
    }
    if ((control & CHEN) == 0) filters_[0].flags |= bit(absent_at + channel);
    update_lines(0);
}

void Dfsdm::restart_channels() {
    for (BitLog& each : logs_) each.restart(0);
    for (unsigned i = 0; i < channels; ++i) {
        Channel& mine = channels_[i];
        scheduler_.cancel(mine.watchdog_event);
        scheduler_.cancel(mine.short_event);
        mine.first_bit = 0;
        if ((configuration(0) & DFSDMEN) == 0) filters_[0].flags |= bit(absent_at + i);
    }
    follow_channels();
}

void Dfsdm::follow_channels() {
    for (unsigned i = 0; i < channels; ++i) {
        Channel& mine = channels_[i];
        const bool clocked = hears_clock(i), guarded = clocked && (configuration(i) & SCDEN) != 0;
        if (!clocked || !is_watched(i)) {
            scheduler_.cancel(mine.watchdog_event);
        } else if (!mine.watchdog_event.is_scheduled()) {
            const int64_t next = watchdog_bit(i, (scheduler_.now() - origin_) / period_ + watchdog_filter(i).samples_following());
            scheduler_.at(mine.watchdog_event, origin_ + next * period_);
        }
        if (!guarded) {
            scheduler_.cancel(mine.short_event);
        } else if (!mine.short_event.is_scheduled()) {
            mine.counted_bit = next_bit(scheduler_.now());
            mine.equal_bits = 0;
            scheduler_.at(mine.short_event, origin_ + (mine.counted_bit + 1) * period_);
        }
    }
}

SincFilter Dfsdm::watchdog_filter(unsigned channel) {
    const uint32_t setting = value(channel * channel_step + AWSCDR);
    SincFilter filter;
    filter.configure(setting >> watchdog_order_at & 3, (setting >> watchdog_oversampling_at & 31) + 1, 1);
    filter.restart();
    return filter;
}

// The bit at whose edge the last value not behind `until_bit` is there; the first value's if there is none yet.
int64_t Dfsdm::watchdog_bit(unsigned channel, int64_t until_bit) {
    const SincFilter filter = watchdog_filter(channel);
    const int64_t oversampling = filter.samples_following();
    const int64_t first = channels_[channel].first_bit + filter.samples_from_start() + filter.latency() + (oversampling == 1 ? 0 : 1);
    return first + std::max<int64_t>(until_bit - first, 0) / oversampling * oversampling;
}

int32_t Dfsdm::watchdog_value(unsigned channel, int64_t at_bit) {
    SincFilter filter = watchdog_filter(channel);
    const unsigned samples = filter.samples_from_start();
    const int64_t from = at_bit - filter.latency() - (filter.samples_following() == 1 ? 0 : 1) - samples;
    for (unsigned done = 0; done < samples; done += most_at_once) {
        const unsigned count = std::min(samples - done, most_at_once);
        uint64_t heard = bits(channel, from + done, count);
        for (unsigned i = 0; i < count; ++i, heard >>= 1) filter.push((heard & 1) != 0 ? 1 : -1);
    }
    return std::clamp<int32_t>(filter.output(), INT16_MIN, INT16_MAX);
}

uint32_t Dfsdm::read_watchdog(unsigned channel) {
    uint32_t& data = value(channel * channel_step + WDATR);
    if (!hears_clock(channel)) return data;
    const int64_t now = (scheduler_.now() - origin_) / period_, at_bit = watchdog_bit(channel, now);
    if (at_bit <= now) data = static_cast<uint16_t>(watchdog_value(channel, at_bit));
    return data;
}

void Dfsdm::on_watchdog(unsigned channel, Tick late) {
    const int64_t at_bit = (scheduler_.now() - late - origin_) / period_, value_bit = watchdog_bit(channel, at_bit);
    const int64_t next = value_bit > at_bit ? value_bit : value_bit + watchdog_filter(channel).samples_following();
    scheduler_.at(channels_[channel].watchdog_event, origin_ + next * period_);
    if (value_bit != at_bit) return;                        // AWSCDR was changed since
    const int32_t data = watchdog_value(channel, at_bit);
    for (unsigned i = 0; i < filters; ++i) {
        const auto high = static_cast<int32_t>(filter_word(i, AWHTR)), low = static_cast<int32_t>(filter_word(i, AWLTR));
        if (watches(i, channel, true)) watch(i, channel, data, high >> 16, low >> 16);
    }
}

void Dfsdm::watch(unsigned number, unsigned channel, int32_t data, int32_t high, int32_t low) {
    filter_word(number, AWSR) |= when(data >= high, bit(high_at + channel)) | when(data <= low, bit(least_at + channel));
    update_lines(number);
    update_breaks();
}

void Dfsdm::watch_result(unsigned number, unsigned channel, int32_t data) {
    const auto high = static_cast<int32_t>(filter_word(number, AWHTR)), low = static_cast<int32_t>(filter_word(number, AWLTR));
    if (watches(number, channel, false)) watch(number, channel, data, high >> 8, low >> 8);
    if ((filter_word(number, CR2) & bit(extremes_at + channel)) == 0) return;
    const uint32_t found = static_cast<uint32_t>(data) << 8 | channel;
    uint32_t &most = filter_word(number, EXMAX), &least = filter_word(number, EXMIN);
    if (data > static_cast<int32_t>(most) >> 8) most = found;
    if (data < static_cast<int32_t>(least) >> 8) least = found;
}

// Looks again when the threshold can be reached at the earliest.
void Dfsdm::on_short(unsigned channel, Tick late) {
    Channel& mine = channels_[channel];
    const int64_t until_bit = (scheduler_.now() - late - origin_) / period_;
    const uint32_t threshold = std::max<uint32_t>(value(channel * channel_step + AWSCDR) & 0xFF, 1);
    while (mine.counted_bit < until_bit) {
        const auto count = static_cast<unsigned>(std::min<int64_t>(until_bit - mine.counted_bit, most_at_once));
        uint64_t heard = bits(channel, mine.counted_bit, count);
        for (unsigned i = 0; i < count; ++i, heard >>= 1) {
            const bool one = (heard & 1) != 0;
            mine.equal_bits = mine.equal_bits == 0 || one != mine.last_bit ? 1 : std::min(mine.equal_bits + 1, longest_count);
            mine.last_bit = one;
            if (mine.equal_bits == threshold) filters_[0].flags |= bit(short_at + channel);
        }
        mine.counted_bit += count;
    }
    const uint32_t missing = mine.equal_bits < threshold ? threshold - mine.equal_bits : threshold;
    scheduler_.at(mine.short_event, origin_ + (mine.counted_bit + missing) * period_);
    update_lines(0);
    update_breaks();
}

// Of CKABF, which cannot be cleared before a channel has met its clock's first edge.
uint32_t Dfsdm::absent_clocks() {
    uint32_t absent = 0;
    for (unsigned i = 0; i < channels; ++i)
        absent |= when(!hears_clock(i) || scheduler_.now() < origin_ + channels_[i].first_bit * period_, bit(absent_at + i));
    return absent;
}

uint32_t Dfsdm::guarded_clocks() {
    uint32_t guarded = 0;
    for (unsigned i = 0; i < channels; ++i) guarded |= when((configuration(i) & CKABEN) != 0, bit(absent_at + i));
    return guarded;
}

void Dfsdm::update_breaks() {
    uint32_t breaks = 0;
    for (unsigned i = 0; i < channels; ++i)
        if ((filters_[0].flags & bit(short_at + i)) != 0) breaks |= value(i * channel_step + AWSCDR) >> short_break_at;
    for (unsigned i = 0; i < filters; ++i) {
        const uint32_t crossed = filter_word(i, AWSR);
        if ((crossed & 0xFF00) != 0) breaks |= filter_word(i, AWHTR);
        if ((crossed & 0x00FF) != 0) breaks |= filter_word(i, AWLTR);
    }
    for (unsigned i = 0; i < breaks_.size(); ++i) breaks_[i].set((breaks & bit(i)) != 0);
}

}  // namespace tinysim::stm32
