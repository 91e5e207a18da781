"""LIS2DW12: three-axis accelerometer. ST LIS2DW12 datasheet, DocID029682 Rev 3 (June 2017).

The noise density is a typical value of a distributor's summary, not read in the datasheet itself.
Here are names and limits only; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import ACCELERATION

_REGISTERS = {
    0x0D: "OUT_T_L", 0x0E: "OUT_T_H", 0x0F: "WHO_AM_I",
    0x20: "CTRL1", 0x21: "CTRL2", 0x22: "CTRL3", 0x23: "CTRL4_INT1_PAD_CTRL", 0x24: "CTRL5_INT2_PAD_CTRL",
    0x25: "CTRL6", 0x26: "OUT_T", 0x27: "STATUS",
    0x28: "OUT_X_L", 0x29: "OUT_X_H", 0x2A: "OUT_Y_L", 0x2B: "OUT_Y_H", 0x2C: "OUT_Z_L", 0x2D: "OUT_Z_H",
    0x2E: "FIFO_CTRL", 0x2F: "FIFO_SAMPLES", 0x30: "TAP_THS_X", 0x31: "TAP_THS_Y", 0x32: "TAP_THS_Z",
    0x33: "INT_DUR", 0x34: "WAKE_UP_THS", 0x35: "WAKE_UP_DUR", 0x36: "FREE_FALL", 0x37: "STATUS_DUP",
    0x38: "WAKE_UP_SRC", 0x39: "TAP_SRC", 0x3A: "SIXD_SRC", 0x3B: "ALL_INT_SRC",
    0x3C: "X_OFS_USR", 0x3D: "Y_OFS_USR", 0x3E: "Z_OFS_USR", 0x3F: "CTRL7",
}  # fmt: skip

PART = SensorPart(
    name="lis2dw12",
    title="ST LIS2DW12 three-axis accelerometer",
    type_names=("Sensors.LIS2DW12",),
    plays=(ACCELERATION,),
    full_scales_g=(2.0, 4.0, 8.0, 16.0),
    rates_hz=(1.6, 12.5, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0),
    resolution_bits=14,
    noise_density_ug_per_sqrt_hz=90.0,
    i2c_addresses=(0x18, 0x19),
    source="ST LIS2DW12 datasheet, DocID029682 Rev 3",
    registers=_REGISTERS,
)
