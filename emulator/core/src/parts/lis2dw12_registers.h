// Register addresses and bits of the LIS2DW12, spelled as in the datasheet.
#pragma once

#include <cstdint>

namespace tinysim::lis2dw12 {

enum Register : uint8_t {
    WHO_AM_I = 0x0F,
    CTRL1 = 0x20,
    CTRL2,
    CTRL3,
    CTRL4_INT1_PAD_CTRL,
    CTRL5_INT2_PAD_CTRL,
    CTRL6,
    OUT_T,
    STATUS,
    OUT_X_L,
    OUT_X_H,
    OUT_Y_L,
    OUT_Y_H,
    OUT_Z_L,
    OUT_Z_H,
    FIFO_CTRL,
    FIFO_SAMPLES,
    TAP_THS_X,
    FREE_FALL = 0x36,
    STATUS_DUP = 0x37,
    WAKE_UP_SRC,
    TAP_SRC,
    SIXD_SRC,
    ALL_INT_SRC,
    X_OFS_USR,
    CTRL7 = 0x3F
};
inline constexpr uint8_t who_am_i = 0x44, ctrl2_after_reset = 0x04;
inline constexpr uint8_t ctrl2_boot = 0x80, ctrl2_soft_reset = 0x40, ctrl2_bdu = 0x08,
                         ctrl2_if_add_inc = 0x04, ctrl2_i2c_disable = 0x02;
inline constexpr uint8_t ctrl3_self_test = 0xC0, ctrl3_h_lactive = 0x08, ctrl3_slp_mode_sel = 0x02,
                         ctrl3_slp_mode_1 = 0x01;
inline constexpr uint8_t pad_drdy = 0x01, pad_fth = 0x02, pad_diff5 = 0x04, pad_ovr = 0x08;
inline constexpr uint8_t ctrl7_drdy_pulsed = 0x80, ctrl7_int2_on_int1 = 0x40,
                         ctrl7_interrupts_enable = 0x20, ctrl7_offsets_and_filters = 0x1F;
inline constexpr unsigned mode_low_power = 0, mode_high_performance = 1, mode_on_demand = 2;
inline constexpr unsigned fifo_stop_when_full = 1, fifo_continuous_to_fifo = 3,
                          fifo_bypass_to_continuous = 4, fifo_continuous = 6;

inline unsigned mode_of(uint8_t ctrl1) { return (ctrl1 >> 2) & 3; }

}  // namespace tinysim::lis2dw12
