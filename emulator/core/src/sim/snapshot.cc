#include "tinysim/snapshot.h"

#include <cstring>

#include "tinysim/archive.h"

namespace tinysim {
namespace {

void put(std::string& out, uint64_t number) { out.append(reinterpret_cast<const char*>(&number), sizeof number); }

std::string_view take(std::string_view& rest, uint64_t bytes) {
    if (rest.size() < bytes) throw ArchiveMismatch("the snapshot is cut short");
    const std::string_view taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
}

uint64_t take_number(std::string_view& rest) {
    uint64_t number = 0;
    std::memcpy(&number, take(rest, sizeof number).data(), sizeof number);
    return number;
}

}  // namespace

std::string Snapshot::flat() const {
    std::string out;
    put(out, values.size());
    out += values;
    for (const Array& array : arrays) {
        put(out, array.bytes);
        for (const Page& page : array.pages) out += *page;
    }
    return out;
}

Snapshot Snapshot::from_flat(std::string_view flat) {
    Snapshot snapshot;
    snapshot.values = take(flat, take_number(flat));
    while (!flat.empty()) {
        Array& array = snapshot.arrays.emplace_back();
        array.bytes = take_number(flat);
        std::string_view bytes = take(flat, array.bytes);
        for (size_t at = 0; at < bytes.size(); at += page_bytes)
            array.pages.push_back(std::make_shared<const std::string>(bytes.substr(at, page_bytes)));
    }
    return snapshot;
}

}  // namespace tinysim
