// The matrix as the chip's .toml describes it, the activity of masters, and what goes into snapshot and record.
#include <algorithm>

#include "bus/matrix.h"
#include "tinysim/archive.h"

namespace tinysim {

const std::vector<BusField>& bus_fields() {
    static const std::vector<BusField> fields{
        {"round_robin", &BusTiming::round_robin, 0, 1},
        {"pairs_across_blocks", &BusTiming::pairs_across_blocks, 0, 1},
        {"bit_band", &BusTiming::bit_band, 0, 1},
        {"ahb_read_cycles", &BusTiming::ahb_read_cycles, 0, 16},
        {"ahb_write_cycles", &BusTiming::ahb_write_cycles, 0, 16},
        {"apb_read_cycles", &BusTiming::apb_read_cycles, 0, 16},
        {"apb_write_cycles", &BusTiming::apb_write_cycles, 0, 16},
        {"apb_bridge_cycles", &BusTiming::apb_bridge_cycles, 0, 16},
        {"apb_waits_for_edge", &BusTiming::apb_waits_for_edge, 0, 1},
        {"apb_write_posted", &BusTiming::apb_write_posted, 0, 1},
    };
    return fields;
}

void Matrix::configure(const std::map<std::string, int64_t>& chip) {
    for (const BusField& field : bus_fields())
        if (auto found = chip.find(field.name); found != chip.end())
            timing.*field.member = static_cast<int32_t>(std::clamp<int64_t>(found->second, field.least, field.most));
    cpu_wins_ties = timing.round_robin == 0;
}

Slave& Matrix::add_slave(const std::string& name, uint32_t first, uint32_t last, uint8_t block, SlaveKind kind) {
    slaves_.push_back(std::make_unique<Slave>());
    Slave& added = *slaves_.back();
    added.name = name;
    added.kind = kind;
    added.block = block;
    added.number = static_cast<uint16_t>(slaves_.size() - 1);
    add_range(added, first, last);
    return added;
}

void Matrix::add_range(Slave& slave, uint32_t first, uint32_t last) {
    auto place = std::upper_bound(ranges_.begin(), ranges_.end(), first, [](uint32_t value, const Range& range) { return value < range.first; });
    ranges_.insert(place, {first, last, &slave});
}

MasterId Matrix::add_master(const std::string& name) {
    auto found = std::find(masters_.begin(), masters_.end(), name);
    const auto number = static_cast<MasterId>(std::min<size_t>(found - masters_.begin(), max_masters - 1));
    if (found == masters_.end() && masters_.size() < max_masters) masters_.push_back(name);
    auto priority = priorities_.find(name);
    priority_[number] = priority == priorities_.end() ? static_cast<int>(max_masters) : priority->second;
    return number;
}

Slave* Matrix::slave_or_local(uint32_t address) const {
    auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address, [](uint32_t value, const Range& range) { return value < range.first; });
    if (after == ranges_.begin()) return nullptr;
    const Range& range = *(after - 1);
    return address <= range.last ? range.slave : nullptr;
}

Slave* Matrix::slave_at(uint32_t address) const {
    Slave* const found = slave_or_local(address);
    return found != nullptr && found->kind != SlaveKind::local ? found : nullptr;
}

Slave* Matrix::slave(const std::string& name) const {
    for (const auto& each : slaves_)
        if (each->name == name) return each.get();
    return nullptr;
}

// ---- activity ----

bool Matrix::is_active(const Slave& slave) const {
    return std::any_of(slave.active.begin(), slave.active.end(), [](const BusMaster* each) { return each != nullptr; });
}

void Matrix::begin_activity(BusMaster& master, Slave& slave) {
    if (std::find(slave.active.begin(), slave.active.end(), &master) != slave.active.end()) return;
    const bool is_first = !is_active(slave);
    slave.active.push_back(&master);
    if (!slave.is_watched) slave.holder = cpu_data_master;  // as far as anybody knows
    slave.is_watched = true;
    if (is_first && on_activity_changed) on_activity_changed(slave);
}

void Matrix::end_activity(BusMaster& master, Slave& slave) {
    auto found = std::find(slave.active.begin(), slave.active.end(), &master);
    if (found == slave.active.end()) return;
    *found = nullptr;
    has_ended_ = true;
    if (advancing_ == 0) drop_ended();
    slave.is_watched = is_active(slave);
    if (!slave.is_watched && on_activity_changed) on_activity_changed(slave);
}

void Matrix::drop_ended() {
    has_ended_ = false;
    for (const auto& slave : slaves_) std::erase(slave->active, nullptr);
}

// ---- snapshot and record ----

std::vector<Stall> Matrix::stalls() const {
    std::vector<Stall> all;
    for (const auto& slave : slaves_)
        for (MasterId waiter = 0; waiter < masters_.size(); ++waiter)
            for (MasterId behind = 0; behind < masters_.size(); ++behind)
                if (const int64_t ticks = slave->stall_ticks[waiter][behind]; ticks != 0)
                    all.push_back({slave->number, waiter, behind, ticks});
    return all;
}

void Matrix::state(Archive& archive) {
    archive.same("number of bus slaves", slaves_.size());
    archive(cycle_ticks, write_buffer_until_, write_buffer_contention_, write_buffer_holder_);
    cycle_ticks = std::max<Tick>(cycle_ticks, 1);           // of a damaged file
    for (const auto& slave : slaves_) {
        const bool was_active = is_active(*slave);
        slave->state(archive);
        if (was_active && archive.is_reading() && on_activity_changed) on_activity_changed(*slave);
    }
}

}  // namespace tinysim
