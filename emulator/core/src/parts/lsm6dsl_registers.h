// Register addresses and bits of the LSM6DSL, spelled as in the data sheet (R: recalled).
#pragma once

#include <cstdint>

namespace tinysim::lsm6dsl {

enum Register : uint8_t {
    FUNC_CFG_ACCESS = 0x01,
    SENSOR_SYNC_TIME_FRAME = 0x04,
    FIFO_CTRL1 = 0x06,
    FIFO_CTRL2,
    FIFO_CTRL3,
    FIFO_CTRL4,
    FIFO_CTRL5,
    DRDY_PULSE_CFG_G,
    INT1_CTRL = 0x0D,
    INT2_CTRL,
    WHO_AM_I,
    CTRL1_XL,
    CTRL2_G,
    CTRL3_C,
    CTRL4_C,
    CTRL5_C,
    CTRL6_C,
    CTRL7_G,
    CTRL8_XL,
    CTRL9_XL,
    CTRL10_C,
    MASTER_CONFIG,
    STATUS_REG = 0x1E,
    OUT_TEMP_L = 0x20,
    OUT_TEMP_H,
    OUTX_L_G,
    OUTZ_H_G = 0x27,
    OUTX_L_XL,
    OUTZ_H_XL = 0x2D,
    FIFO_STATUS1 = 0x3A,
    FIFO_STATUS2,
    FIFO_STATUS3,
    FIFO_STATUS4,
    FIFO_DATA_OUT_L,
    FIFO_DATA_OUT_H,
    TIMESTAMP0_REG,
    TIMESTAMP2_REG = 0x42,
    TAP_CFG = 0x58,
    WAKE_UP_DUR = 0x5C,
    FREE_FALL,
    MD1_CFG,
    MD2_CFG,
    X_OFS_USR = 0x73,
    Z_OFS_USR = 0x75
};
inline constexpr uint8_t who_am_i = 0x6A, ctrl3_after_reset = 0x04, ctrl9_after_reset = 0xE0;
inline constexpr uint8_t ctrl3_boot = 0x80, ctrl3_bdu = 0x40, ctrl3_h_lactive = 0x20, ctrl3_sim = 0x08, ctrl3_if_inc = 0x04,
                         ctrl3_ble = 0x02, ctrl3_sw_reset = 0x01;
inline constexpr uint8_t ctrl4_int2_on_int1 = 0x20, ctrl4_i2c_disable = 0x04;
inline constexpr uint8_t ctrl6_xl_hm_mode = 0x10;
inline constexpr uint8_t ctrl10_timer_en = 0x20, wake_up_dur_timer_hr = 0x10;
inline constexpr uint8_t fifo_ctrl4_stop_on_fth = 0x80, drdy_pulsed = 0x80, timestamp_reset = 0xAA;
inline constexpr uint8_t xlda = 0x01, gda = 0x02, tda = 0x04;       // STATUS_REG; and DRDY in INT1_CTRL, INT2_CTRL
inline constexpr uint8_t pad_fth = 0x08, pad_ovr = 0x10, pad_full = 0x20;
inline constexpr uint8_t fifo2_empty = 0x10, fifo2_full = 0x20, fifo2_over_run = 0x40, fifo2_watermark = 0x80;
inline constexpr unsigned accelerometer_set = 0, gyroscope_set = 1;     // their fields in FIFO_CTRL3
inline constexpr unsigned fifo_stop_when_full = 1, fifo_continuous_to_fifo = 3, fifo_bypass_to_continuous = 4, fifo_continuous = 6;

}  // namespace tinysim::lsm6dsl
