"""Where the core's STM32F4 blocks differ from the vendor's SVD on purpose: peripheral, register, and the reason."""

from __future__ import annotations

Register = tuple[str, str]

NAMES: dict[Register, tuple[str, str]] = {
    ("SYSCFG", "MEMRM"): ("MEMRMP", "RM0090 9.2.1"),
}

RESETS: dict[Register, tuple[int, str]] = {
    ("PWR", "CR"): (0x4000, "RM0090 5.4.1: VOS is 1; the SVD has no VOS"),
    ("PWR", "CSR"): (0x4000, "RM0090 5.4.3: VOSRDY, the regulator is up when the CPU runs"),
    ("GPIOA", "IDR"): (0xA000, "the pull-ups of PA13 and PA15"),
    ("GPIOB", "IDR"): (0x0010, "the pull-up of PB4"),
    **{(name, "SR"): (0xC0, "RM0090 30.6.1; the SVD has 0xC00000") for name in ("USART2", "USART6", "UART4")},
    ("DBG", "DBGMCU_IDCODE"): (0x100F6413, "RM0090 38.6.1: the F407, revision Y; the SVD has another chip's"),
    ("TIM2", "ARR"): (0xFFFFFFFF, "RM0090 18.4.12; the SVD has 0"),
    ("TIM3", "ARR"): (0xFFFF, "RM0090 18.4.12; the SVD has 0"),
    ("TIM6", "ARR"): (0xFFFF, "RM0090 20.4.8; the SVD has 0"),
    ("FLASH", "OPTCR"): (0x0FFFAAED, "RM0090 3.9.10; the SVD has the offset"),
}

WRITES: dict[Register, tuple[int | None, str]] = {  # None: a write starts something, tested elsewhere
    ("RCC", "CR"): (0x050D00F8, "HSION stays while SYSCLK comes from HSI"),
    ("RCC", "CIR"): (0x00003F00, "RM0090 6.3.4: the clear bits read 0"),
    ("RCC", "AHB1ENR"): (0x7E7411FF, "RM0090 6.3.12: CCMDATARAMEN, which the SVD's reset value has as well"),
    ("RCC", "BDCR"): (0x00010000, "all ones holds BDRST, which clears the rest"),
    ("RCC", "CSR"): (0x00000001, "RM0090 6.3.21: the causes are read-only, RMVF clears them"),
    ("PWR", "CR"): (0x43F3, "RM0090 5.4.1: VOS; CWUF and CSBF read 0"),
    ("PWR", "CSR"): (0x0308, "RM0090 5.4.3: VOSRDY is read-only; BRR follows BRE"),
    ("SYSCFG", "CMPCR"): (0x0101, "RM0090 9.2.7: CMP_PD can be written, READY follows it"),
    ("EXTI", "PR"): (0, "rc_w1"),
    **{(name, "LCKR"): (0xFFFF, "LCKK is set by a sequence only") for name in ("GPIOA", "GPIOB", "GPIOI")},
    **{(name, "SR"): (0x40, "rc_w0: of the flags only TC is set at reset") for name in ("USART2", "USART6", "UART4")},
    **{(name, "DR"): (0, "two registers, one for each direction") for name in ("USART2", "USART6", "UART4")},
    **{(name, "CR1"): (None, "all ones holds SWRST; START begins a transfer") for name in ("I2C1", "I2C3")},
    **{(name, "OAR1"): (0xC3FF, "RM0090 27.6.3: bit 14, which software keeps at 1") for name in ("I2C1", "I2C3")},
    **{(name, "SR1"): (0, "rc_w0") for name in ("I2C1", "I2C3")},
    ("CRC", "DR"): (None, "a write computes"),
    ("IWDG", "PR"): (0, "locked until KR is 0x5555"),
    ("IWDG", "RLR"): (0, "locked until KR is 0x5555"),
    **{(name, "SR"): (0, "rc_w0") for name in ("TIM2", "TIM3", "TIM6")},
    **{(name, "DMAR"): (0, "a window to other registers, not modelled") for name in ("TIM2", "TIM3")},
    ("TIM2", "OR"): (0x0CC0, "one mask for TIM2 (ITR1_RMP) and TIM5 (TI4_RMP)"),
    ("TIM3", "CNT"): (0xFFFF, "RM0090 18.4.10: 16 bits; the SVD gives those of TIM2"),
    ("TIM3", "ARR"): (0xFFFF, "RM0090 18.4.12: 16 bits; the SVD gives those of TIM2"),
    ("FLASH", "ACR"): (0x1707, "RM0090 3.9.1: ICRST reads 0"),
    ("FLASH", "SR"): (0, "rc_w1"),
    ("FLASH", "CR"): (0, "locked until KEYR is written"),
    ("FLASH", "OPTCR"): (0, "locked until OPTKEYR is written"),
    **{(dma, f"{half}IFCR"): (0, "clears flags, reads 0") for dma in ("DMA1", "DMA2") for half in "LH"},
    **{(dma, f"S{n}CR"): (None, "EN starts the stream") for dma in ("DMA1", "DMA2") for n in range(8)},
}
