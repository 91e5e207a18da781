// The STM32L4R5 registers which this firmware uses, in the reference manual's spelling, and no others.
// Source: RM0432, one chapter per block; Cortex-M4 technical reference for the core.
#pragma once

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define BIT(number) (1u << (number))

// Core (Armv7-M, system control space)
#define CPACR REGISTER(0xE000ED88u)
#define SCB_AIRCR REGISTER(0xE000ED0Cu)
#define NVIC_ISER(word) REGISTER(0xE000E100u + 4u * (word))
#define NVIC_ICPR(word) REGISTER(0xE000E280u + 4u * (word))
#define NVIC_IPR_BYTE(irq) (*(volatile uint8_t *)(uintptr_t)(0xE000E400u + (irq)))
#define DEMCR REGISTER(0xE000EDFCu)
#define DEMCR_TRCENA BIT(24)
#define DWT_CTRL REGISTER(0xE0001000u)
#define DWT_CTRL_CYCCNTENA BIT(0)
#define DWT_CYCCNT REGISTER(0xE0001004u)

// RCC
#define RCC_CR REGISTER(0x40021000u)
#define RCC_CR_PLLON BIT(24)
#define RCC_CR_PLLRDY BIT(25)
#define RCC_CFGR REGISTER(0x40021008u)
#define RCC_CFGR_SW_PLL 3u
#define RCC_CFGR_SWS(value) (((value) >> 2) & 3u)
#define RCC_CFGR_HPRE (15u << 4)
#define RCC_CFGR_HPRE_DIV2 (8u << 4)
#define RCC_PLLCFGR REGISTER(0x4002100Cu)
#define RCC_PLLCFGR_SRC_MSI 1u
#define RCC_PLLCFGR_PLLREN BIT(24)
#define RCC_AHB1ENR REGISTER(0x40021048u)
#define RCC_AHB1ENR_DMA1 BIT(0)
#define RCC_AHB1ENR_DMAMUX1 BIT(2)
#define RCC_AHB2ENR REGISTER(0x4002104Cu)
#define RCC_AHB2ENR_GPIO(port) BIT(port)
#define RCC_APB1ENR1 REGISTER(0x40021058u)
#define RCC_APB1ENR1_TIM2 BIT(0)
#define RCC_APB1ENR1_TIM6 BIT(4)
#define RCC_APB1ENR1_I2C1 BIT(21)
#define RCC_APB1ENR1_PWR BIT(28)
#define RCC_APB1ENR2 REGISTER(0x4002105Cu)
#define RCC_APB1ENR2_LPUART1 BIT(0)
#define RCC_APB2ENR REGISTER(0x40021060u)
#define RCC_APB2ENR_SYSCFG BIT(0)

// PWR, FLASH, identity
#define PWR_CR2 REGISTER(0x40007004u)
#define PWR_CR2_IOSV BIT(9)
#define PWR_CR5 REGISTER(0x40007080u)
#define PWR_CR5_R1MODE BIT(8)
#define FLASH_ACR REGISTER(0x40022000u)
#define FLASH_ACR_LATENCY 15u
#define FLASH_ACR_PRFTEN BIT(8)
#define FLASH_ACR_ICEN BIT(9)
#define FLASH_ACR_DCEN BIT(10)
#define UNIQUE_ID(word) REGISTER(0x1FFF7590u + 4u * (word))
#define FLASH_SIZE_KBYTES (*(volatile uint16_t *)(uintptr_t)0x1FFF75E0u)

// GPIO: pin number p is port p / 16 (A is 0)
#define GPIO_BASE(pin) (0x48000000u + 0x400u * ((pin) >> 4))
#define GPIO_MODER(pin) REGISTER(GPIO_BASE(pin))
#define GPIO_MODER_INPUT 0u
#define GPIO_MODER_OUTPUT 1u
#define GPIO_MODER_ALTERNATE 2u
#define GPIO_OTYPER(pin) REGISTER(GPIO_BASE(pin) + 0x04u)
#define GPIO_IDR(pin) REGISTER(GPIO_BASE(pin) + 0x10u)
#define GPIO_ODR(pin) REGISTER(GPIO_BASE(pin) + 0x14u)
#define GPIO_BSRR(pin) REGISTER(GPIO_BASE(pin) + 0x18u)
#define GPIO_AFR(pin) REGISTER(GPIO_BASE(pin) + 0x20u + (((pin) >> 1) & 4u))

// SYSCFG and EXTI
#define SYSCFG_EXTICR(line) REGISTER(0x40010008u + ((line)&0xCu))
#define SYSCFG_EXTICR_FIELD(line, port) ((uint32_t)(port) << (4u * ((line)&3u)))
#define EXTI_IMR1 REGISTER(0x40010400u)
#define EXTI_RTSR1 REGISTER(0x40010408u)
#define EXTI_PR1 REGISTER(0x40010414u)

// LPUART1
#define LPUART_CR1 REGISTER(0x40008000u)
#define LPUART_CR1_UE BIT(0)
#define LPUART_CR1_RE BIT(2)
#define LPUART_CR1_TE BIT(3)
#define LPUART_CR1_RXNEIE BIT(5)
#define LPUART_CR3 REGISTER(0x40008008u)
#define LPUART_CR3_DMAR BIT(6)
#define LPUART_CR3_DMAT BIT(7)
#define LPUART_BRR REGISTER(0x4000800Cu)
#define LPUART_ISR REGISTER(0x4000801Cu)
#define LPUART_ISR_TC BIT(6)
#define LPUART_ICR REGISTER(0x40008020u)
#define LPUART_RDR REGISTER(0x40008024u)
#define LPUART_TDR REGISTER(0x40008028u)
#define LPUART_TDR_ADDRESS 0x40008028u

// I2C1
#define I2C_CR1 REGISTER(0x40005400u)
#define I2C_CR1_PE BIT(0)
#define I2C_CR1_NACKIE BIT(4)
#define I2C_CR1_STOPIE BIT(5)
#define I2C_CR1_TCIE BIT(6)
#define I2C_CR1_ERRIE BIT(7)
#define I2C_CR1_RXDMAEN BIT(15)
#define I2C_CR2 REGISTER(0x40005404u)
#define I2C_CR2_RD_WRN BIT(10)
#define I2C_CR2_START BIT(13)
#define I2C_CR2_NBYTES(count) ((uint32_t)(count) << 16)
#define I2C_CR2_AUTOEND BIT(25)
#define I2C_TIMINGR REGISTER(0x40005410u)
#define I2C_TIMINGR_OF(presc, scldel, sclh, scll) \
    ((uint32_t)(presc) << 28 | (uint32_t)(scldel) << 20 | (uint32_t)(sclh) << 8 | (uint32_t)(scll))
#define I2C_ISR REGISTER(0x40005418u)
#define I2C_ISR_TXE BIT(0)
#define I2C_ISR_TXIS BIT(1)
#define I2C_ISR_RXNE BIT(2)
#define I2C_ISR_NACKF BIT(4)
#define I2C_ISR_STOPF BIT(5)
#define I2C_ISR_TC BIT(6)
#define I2C_ISR_ERRORS (31u << 8) // BERR, ARLO, OVR, PECERR, TIMEOUT
#define I2C_ICR REGISTER(0x4000541Cu)
#define I2C_ICR_ALL 0x3F38u
#define I2C_RXDR_ADDRESS 0x40005424u
#define I2C_RXDR REGISTER(I2C_RXDR_ADDRESS)
#define I2C_TXDR REGISTER(0x40005428u)

// DMA1 and DMAMUX1: channels from 0, where the manual counts DMA channels from 1
#define DMA_ISR REGISTER(0x40020000u)
#define DMA_IFCR REGISTER(0x40020004u)
#define DMA_CCR(channel) REGISTER(0x40020008u + 0x14u * (channel))
#define DMA_CCR_EN BIT(0)
#define DMA_CCR_DIR BIT(4)
#define DMA_CCR_PINC BIT(6)
#define DMA_CCR_MINC BIT(7)
#define DMA_CCR_WORDS (BIT(9) | BIT(11))
#define DMA_CCR_MEM2MEM BIT(14)
#define DMA_CNDTR(channel) REGISTER(0x4002000Cu + 0x14u * (channel))
#define DMA_CPAR(channel) REGISTER(0x40020010u + 0x14u * (channel))
#define DMA_CMAR(channel) REGISTER(0x40020014u + 0x14u * (channel))
#define DMA_FLAG_TC(channel) (2u << (4u * (channel)))
#define DMAMUX_CCR(channel) REGISTER(0x40020800u + 4u * (channel))
#define DMAMUX_I2C1_RX 16u
#define DMAMUX_LPUART1_TX 35u

// TIM2 (32 bits) and TIM6
#define TIM2_BASE 0x40000000u
#define TIM6_BASE 0x40001000u
#define TIM_CR1(base) REGISTER((base) + 0x00u)
#define TIM_CR1_CEN BIT(0)
#define TIM_DIER(base) REGISTER((base) + 0x0Cu)
#define TIM_DIER_UIE BIT(0)
#define TIM_SR(base) REGISTER((base) + 0x10u)
#define TIM_EGR(base) REGISTER((base) + 0x14u)
#define TIM_EGR_UG BIT(0)
#define TIM_CNT(base) REGISTER((base) + 0x24u)
#define TIM_PSC(base) REGISTER((base) + 0x28u)
#define TIM_ARR(base) REGISTER((base) + 0x2Cu)

enum { IRQ_EXTI4 = 10, IRQ_I2C1_EV = 31, IRQ_I2C1_ER = 32, IRQ_EXTI15_10 = 40, IRQ_TIM6 = 54, IRQ_LPUART1 = 70 };
