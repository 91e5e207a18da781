// The MPU's effect on the CPU: which view of memory is in use, its fast-path windows, its decoded code. DDI 0403 B3.5.
#include <algorithm>

#include "cpu/system_control.h"

namespace tinysim {
namespace {
constexpr uint32_t fpccr_user = 1u << 1, fpccr_hfrdy = 1u << 4;

bool is_private(uint32_t address) { return address >= 0xE000'0000 && address < 0xE010'0000; }
}  // namespace

Cpu::View Cpu::wanted_view(bool as_privileged, bool at_negative_priority) const {
    const Mpu& mpu = system->mpu;
    if (!mpu.is_enabled() || (at_negative_priority && !mpu.protects_faults())) return open_view;
    return as_privileged ? privileged_view : unprivileged_view;
}

Cpu::View Cpu::view_in_use() const {
    return system->mpu.is_enabled() ? wanted_view(privileged(), exceptions.execution_priority() < 0) : open_view;
}

// The rights of the context whose floats they are, noted when its frame was reserved: USER and HFRDY (B1.5.7).
Cpu::View Cpu::view_of_lazy_save() const {
    const uint32_t noted = system->fpccr();
    return wanted_view((noted & fpccr_user) == 0, (noted & fpccr_hfrdy) == 0);
}

void Cpu::use_memory(View view) {
    const uint64_t version = system->mpu.version();
    if (view != open_view && version != windows_version_[view]) {
        build_windows(view);
        windows_version_[view] = version;
    }
    view_ = view;
    windows = view == open_view ? bus.windows() : view_windows_[view].data();
    if (windows_closed_once) close_windows_once();
}

// At instruction boundaries only: decoded code may be dropped.
void Cpu::update_protection() {
    protection_changed = false;
    const View view = view_in_use();
    const uint64_t version = system->mpu.version();
    CodeCache* const wanted_code = caches_[view][is_exact].get();
    const bool is_current = view == open_view || (version == code_version_[view] && version == windows_version_[view]);
    if (view == view_ && wanted_code == code && is_current) return;
    use_memory(view);
    if (view != open_view && version != code_version_[view]) {
        // Kernels move a stack guard at each switch: decoded code stays as long as the same addresses may be executed.
        std::vector<uint64_t> executable = executable_edges(view);
        if (executable != executable_[view])
            for (auto& cache : caches_[view]) cache->flush();
        executable_[view] = std::move(executable);
        code_version_[view] = version;
    }
    code = wanted_code;
    code_window = {};
    resume_op = nullptr;
}

void Cpu::follow_bus_windows() {
    for (View view : {privileged_view, unprivileged_view})
        if (!view_windows_[view].empty()) build_windows(view);
}

// Where memory turns executable or stops being so: address, and the new state in bit 32.
std::vector<uint64_t> Cpu::executable_edges(View view) const {
    std::vector<uint64_t> edges;
    for (const Region& region : bus.regions()) {
        if (region.memory == nullptr) continue;
        for (uint64_t at = region.start; at <= region.last;) {
            const auto address = static_cast<uint32_t>(at);
            const uint64_t executes = system->mpu.permission(address, view == privileged_view).execute;
            if (edges.empty() || edges.back() >> 32 != executes) edges.push_back(executes << 32 | address);
            at = static_cast<uint64_t>(std::min(system->mpu.same_until(address, view == privileged_view), region.last)) + 1;
        }
    }
    return edges;
}

// One window for each page: the longest stretch of its memory that may be read (and, if RAM, written) throughout.
void Cpu::build_windows(View view) {
    auto& table = view_windows_[view];
    if (table.empty()) table.assign(size_t{1} << (32 - Bus::page_shift), Window{});
    for (const Region& region : bus.regions()) {
        if (region.memory == nullptr) continue;
        const Window best = longest_window(region, view == privileged_view);
        for (uint32_t page = region.start >> Bus::page_shift; page <= region.last >> Bus::page_shift; ++page) {
            const uint8_t* open = bus.windows()[page].bytes;
            if (open == nullptr || open == region.memory->data()) table[page] = open == nullptr ? Window{} : best;
        }
    }
}

Window Cpu::longest_window(const Region& region, bool as_privileged) const {
    const Window& open = bus.windows()[region.start >> Bus::page_shift];
    const bool is_flash = region.memory->kind() == MemoryKind::flash;
    Window best;
    uint32_t longest = 0;
    if (open.bytes != region.memory->data()) return best;
    for (uint64_t at = region.start; at <= region.last;) {
        const auto start = static_cast<uint32_t>(at);
        const uint32_t last = std::min(system->mpu.same_until(start, as_privileged), region.last);
        const Permission allowed = system->mpu.permission(start, as_privileged);
        const uint32_t length = last - start + 1;
        if (allowed.read && (allowed.write || is_flash) && length > 3 && length - 3 > longest) {
            longest = length - 3;
            const auto limit = [longest](uint32_t of_open) { return of_open != 0 ? longest : 0; };
            best = {region.memory->data() + (start - region.start), start, limit(open.read_limit), limit(open.write_limit),
                    limit(open.flash_limit), open.block, open.flash};
        }
        at = static_cast<uint64_t>(last) + 1;
    }
    return best;
}

bool Cpu::may_access(uint32_t address, unsigned bytes, bool is_write) const {
    if (view_ == open_view || is_private(address)) return true;
    const bool as_privileged = view_ == privileged_view && !forces_unprivileged;
    for (uint32_t at : {address, address + bytes - 1}) {
        const Permission allowed = system->mpu.permission(at, as_privileged);
        if (is_write ? !allowed.write : !allowed.read) return false;
    }
    return true;
}

void Cpu::watch_code(uint32_t address) {
    for (auto& view : caches_)
        for (auto& cache : view) cache->watch(address);
}

void Cpu::invalidate_code(const Memory& memory, uint32_t offset, uint32_t count) {
    for (auto& view : caches_)
        for (auto& cache : view) cache->invalidate(memory, offset, count);
}

void Cpu::flush_code() {
    for (auto& view : caches_)
        for (auto& cache : view) cache->flush();
    code_window = {};
    resume_op = nullptr;
    step.timed = nullptr;
}

}  // namespace tinysim
