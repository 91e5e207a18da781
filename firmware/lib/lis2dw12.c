#include "lib/lis2dw12.h"

#include "boards/board.h"

enum {
    WHO_AM_I = 0x0F,
    WHO_AM_I_VALUE = 0x44,
    CTRL1 = 0x20,
    CTRL1_ODR_200_HZ = 0x6 << 4,
    CTRL1_MODE_HIGH_PERFORMANCE = 0x1 << 2,
    CTRL2 = 0x21,
    CTRL2_SOFT_RESET = 1 << 6,
    CTRL2_BDU = 1 << 3,
    CTRL2_IF_ADD_INC = 1 << 2,
    CTRL4_INT1_PAD_CTRL = 0x23,
    CTRL4_INT1_FTH = 1 << 1,
    CTRL6 = 0x25,
    CTRL6_FS_4_G = 0x1 << 4,
    FIFO_CTRL = 0x2E,
    FIFO_CTRL_CONTINUOUS = 0x6 << 5,
    RESET_POLLS_MAXIMUM = 100,
};

static bool wait_reset(void)
{
    uint8_t control = CTRL2_SOFT_RESET;
    for (int polls = 0; polls < RESET_POLLS_MAXIMUM && (control & CTRL2_SOFT_RESET); ++polls) {
        if (!board_accelerometer_read_registers(CTRL2, &control, 1)) {
            return false;
        }
    }
    return !(control & CTRL2_SOFT_RESET);
}

const char *lis2dw12_start(uint32_t watermark)
{
    uint8_t identity = 0;
    if (!board_accelerometer_read_registers(WHO_AM_I, &identity, 1)) {
        return "accelerometer_no_answer";
    }
    if (identity != WHO_AM_I_VALUE) {
        return "accelerometer_identity";
    }
    if (!board_accelerometer_write_register(CTRL2, CTRL2_SOFT_RESET) || !wait_reset()) {
        return "accelerometer_reset";
    }
    // CTRL1 comes last: the rate starts with everything else in place, so the first sample is
    // already in the FIFO.
    const uint8_t settings[][2] = {
        {CTRL2, CTRL2_BDU | CTRL2_IF_ADD_INC},
        {CTRL6, CTRL6_FS_4_G},
        {FIFO_CTRL, (uint8_t)(FIFO_CTRL_CONTINUOUS | watermark)},
        {CTRL4_INT1_PAD_CTRL, CTRL4_INT1_FTH},
        {CTRL1, CTRL1_ODR_200_HZ | CTRL1_MODE_HIGH_PERFORMANCE},
    };
    for (uint32_t i = 0; i < sizeof settings / sizeof settings[0]; ++i) {
        if (!board_accelerometer_write_register(settings[i][0], settings[i][1])) {
            return "accelerometer_settings";
        }
    }
    return 0;
}

static int16_t count(const uint8_t *low_byte)
{
    // Bits 1:0 are zero in 14-bit modes; the shift is arithmetic in GCC, as the sign must stay.
    return (int16_t)((int16_t)(uint16_t)(low_byte[0] | (low_byte[1] << 8)) >> 2);
}

lis2dw12_sample lis2dw12_unpack(const uint8_t *slot)
{
    return (lis2dw12_sample){count(slot), count(slot + 2), count(slot + 4)};
}
