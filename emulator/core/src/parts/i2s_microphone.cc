#include "parts/i2s_microphone.h"

#include "parts/played.h"

namespace tinysim {

namespace {
constexpr unsigned bits = 24;
}  // namespace

I2sMicrophone::I2sMicrophone(const Construction& construction)
    : full_scale_upa_(std::max<int64_t>(construction.number("fullScale", SoundPressure::full_scale_upa), 1)) {}

int32_t I2sMicrophone::word(Tick at) {
    const int32_t digits = to_digits(sound_.micropascal(at), int64_t{1} << (bits - 1), full_scale_upa_, bits);
    return static_cast<int32_t>(static_cast<uint32_t>(digits) << (32 - bits));
}

}  // namespace tinysim
