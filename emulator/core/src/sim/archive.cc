#include "tinysim/archive.h"

#include <algorithm>
#include <cstring>

namespace tinysim {

void Archive::mismatch(const std::string& text) const {
    throw ArchiveMismatch("the snapshot does not fit this machine: " + (section_.empty() ? "" : "in '" + section_ + "', ") + text);
}

void Archive::raw(void* at, size_t bytes) {
    if (!is_reading()) {
        out_->append(static_cast<const char*>(at), bytes);
        return;
    }
    if (rest_.size() < bytes) mismatch("it is cut short");
    std::memcpy(at, rest_.data(), bytes);
    rest_.remove_prefix(bytes);
}

void Archive::value(bool& flag) {
    auto byte = static_cast<uint8_t>(flag);
    raw(&byte, 1);
    flag = byte != 0;
}

// Each end restores its own view of a line: nobody is told.
void Archive::value(Line& line) {
    bool level = line.level();
    value(level);
    line.restore(level);
}

void Archive::value(Event& event) {
    bool is_scheduled = event.is_scheduled();
    Tick due_ticks = event.due_ticks_;
    uint64_t sequence = event.sequence_;
    value(is_scheduled);
    if (!is_scheduled) return scheduler_.cancel(event);
    (*this)(due_ticks, sequence);
    events_.push_back(&event);
    if (is_reading()) scheduler_.restore(event, due_ticks, sequence);
}

void Archive::check_count(uint64_t count) const {
    if (is_reading() && count > rest_.size()) mismatch("it is cut short");
}

void Archive::section(const std::string& name) {
    std::string found = name;
    value(found);
    if (found != name) mismatch("'" + name + "' is expected next and '" + found + "' found");
    section_ = name;
}

void Archive::same(const std::string& what, uint64_t mine) {
    uint64_t found = mine;
    value(found);
    if (found != mine) mismatch(what + " is " + std::to_string(found) + " there and " + std::to_string(mine) + " here");
}

void Archive::put_array(std::string_view bytes) {
    const size_t index = to_->arrays.size();
    const Snapshot::Array* before = before_ != nullptr && index < before_->arrays.size() ? &before_->arrays[index] : nullptr;
    Snapshot::Array& array = to_->arrays.emplace_back();
    array.bytes = bytes.size();
    array.pages.reserve(bytes.size() / Snapshot::page_bytes + 1);
    for (size_t at = 0; at < bytes.size(); at += Snapshot::page_bytes) {
        const std::string_view page = bytes.substr(at, Snapshot::page_bytes);
        const size_t number = array.pages.size();
        const bool is_unchanged = before != nullptr && number < before->pages.size() && *before->pages[number] == page;
        array.pages.push_back(is_unchanged ? before->pages[number] : std::make_shared<const std::string>(page));
    }
}

const Snapshot::Array& Archive::next_array() {
    if (arrays_read_ == from_->arrays.size()) mismatch("it is cut short");
    return from_->arrays[arrays_read_++];
}

std::string Archive::take_array() {
    std::string bytes;
    const Snapshot::Array& array = next_array();
    bytes.reserve(array.bytes);
    for (const Snapshot::Page& page : array.pages) bytes += *page;
    return bytes;
}

void Archive::memory(std::vector<uint8_t>& bytes) {
    if (!is_reading()) return put_array({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    const Snapshot::Array& array = next_array();
    if (array.bytes != bytes.size())
        mismatch("the size is " + std::to_string(array.bytes) + " there and " + std::to_string(bytes.size()) + " here");
    size_t at = 0;
    for (const Snapshot::Page& page : array.pages) at += page->copy(reinterpret_cast<char*>(bytes.data()) + at, bytes.size() - at);
}

void Archive::finish() {
    for (const Event* event : scheduler_.events())
        if (std::find(events_.begin(), events_.end(), event) == events_.end())
            throw std::logic_error("the event '" + event->name() + "' stands in no state() list");
    if (is_reading() && (!rest_.empty() || arrays_read_ != from_->arrays.size())) mismatch("it holds more");
}

}  // namespace tinysim
