#include "trace/writer.h"

#include <bit>
#include <cerrno>

#include <unistd.h>

namespace tinysim {

static_assert(std::endian::native == std::endian::little);

TraceWriter::TraceWriter(int descriptor) : descriptor_(descriptor), buffer_(new uint8_t[room]) {
    std::memcpy(&buffer_[0], trace::magic, trace::magic_bytes);
    used_ = trace::magic_bytes;
    const uint8_t fields[] = {trace::written_version, 4, 1, 1, trace::processor_bytes};
    std::memcpy(&buffer_[used_], fields, sizeof fields);
    used_ += sizeof fields;
    std::memcpy(&buffer_[used_], trace::processor, trace::processor_bytes);
    used_ += trace::processor_bytes;
}

TraceWriter::~TraceWriter() { finish(); }

void TraceWriter::finish() {
    if (is_open_) buffer_[used_++] = trace::end_of_instruction;
    is_open_ = false;
    flush();
}

void TraceWriter::flush() {
    size_t written = 0;
    while (error_ == 0 && written < used_) {
        const ssize_t count = ::write(descriptor_, &buffer_[written], used_ - written);
        if (count >= 0) written += static_cast<size_t>(count);
        else if (errno != EINTR) error_ = errno;
    }
    used_ = 0;
}

}  // namespace tinysim
