// The STM32F407 registers which this firmware uses, in the reference manual's spelling, and no others.
// Source: RM0090, one chapter per block; Cortex-M4 technical reference for the core.
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
#define RCC_CR REGISTER(0x40023800u)
#define RCC_CR_HSEON BIT(16)
#define RCC_CR_HSERDY BIT(17)
#define RCC_CR_PLLON BIT(24)
#define RCC_CR_PLLRDY BIT(25)
#define RCC_PLLCFGR REGISTER(0x40023804u)
#define RCC_PLLCFGR_SRC_HSE BIT(22)
#define RCC_CFGR REGISTER(0x40023808u)
#define RCC_CFGR_SW_PLL 2u
#define RCC_CFGR_SWS(value) (((value) >> 2) & 3u)
#define RCC_CFGR_PPRE1_DIV4 (5u << 10)
#define RCC_CFGR_PPRE2_DIV2 (4u << 13)
#define RCC_AHB1ENR REGISTER(0x40023830u)
#define RCC_AHB1ENR_GPIO(port) BIT(port)
#define RCC_AHB1ENR_DMA1 BIT(21)
#define RCC_APB1ENR REGISTER(0x40023840u)
#define RCC_APB1ENR_TIM2 BIT(0)
#define RCC_APB1ENR_TIM6 BIT(4)
#define RCC_APB1ENR_USART2 BIT(17)
#define RCC_APB1ENR_I2C1 BIT(21)
#define RCC_APB1ENR_PWR BIT(28)
#define RCC_APB2ENR REGISTER(0x40023844u)
#define RCC_APB2ENR_SYSCFG BIT(14)
#define RCC_CSR REGISTER(0x40023874u)

// PWR, FLASH, identity
#define PWR_CR REGISTER(0x40007000u)
#define PWR_CR_VOS BIT(14)
#define FLASH_ACR REGISTER(0x40023C00u)
#define FLASH_ACR_LATENCY 7u
#define FLASH_ACR_PRFTEN BIT(8)
#define FLASH_ACR_ICEN BIT(9)
#define FLASH_ACR_DCEN BIT(10)
#define DBGMCU_IDCODE REGISTER(0xE0042000u)
#define UNIQUE_ID(word) REGISTER(0x1FFF7A10u + 4u * (word))
#define FLASH_SIZE_KBYTES (*(volatile uint16_t *)(uintptr_t)0x1FFF7A22u)

// GPIO: pin number p is port p / 16 (A is 0)
#define GPIO_BASE(pin) (0x40020000u + 0x400u * ((pin) >> 4))
#define GPIO_MODER(pin) REGISTER(GPIO_BASE(pin))
#define GPIO_MODER_INPUT 0u
#define GPIO_MODER_OUTPUT 1u
#define GPIO_MODER_ALTERNATE 2u
#define GPIO_OTYPER(pin) REGISTER(GPIO_BASE(pin) + 0x04u)
#define GPIO_PUPDR(pin) REGISTER(GPIO_BASE(pin) + 0x0Cu)
#define GPIO_IDR(pin) REGISTER(GPIO_BASE(pin) + 0x10u)
#define GPIO_ODR(pin) REGISTER(GPIO_BASE(pin) + 0x14u)
#define GPIO_BSRR(pin) REGISTER(GPIO_BASE(pin) + 0x18u)
#define GPIO_AFR(pin) REGISTER(GPIO_BASE(pin) + 0x20u + (((pin) >> 1) & 4u))

// SYSCFG and EXTI
#define SYSCFG_EXTICR(line) REGISTER(0x40013808u + ((line)&0xCu))
#define EXTI_IMR REGISTER(0x40013C00u)
#define EXTI_RTSR REGISTER(0x40013C08u)
#define EXTI_PR REGISTER(0x40013C14u)

// USART2
#define USART_SR REGISTER(0x40004400u)
#define USART_DR REGISTER(0x40004404u)
#define USART_BRR REGISTER(0x40004408u)
#define USART_CR1 REGISTER(0x4000440Cu)
#define USART_CR1_RE BIT(2)
#define USART_CR1_TE BIT(3)
#define USART_CR1_RXNEIE BIT(5)
#define USART_CR1_UE BIT(13)

// I2C1
#define I2C_CR1 REGISTER(0x40005400u)
#define I2C_CR1_PE BIT(0)
#define I2C_CR1_START BIT(8)
#define I2C_CR1_STOP BIT(9)
#define I2C_CR1_ACK BIT(10)
#define I2C_CR1_POS BIT(11)
#define I2C_CR2 REGISTER(0x40005404u)
#define I2C_CR2_ITERREN BIT(8)
#define I2C_CR2_ITEVTEN BIT(9)
#define I2C_CR2_ITBUFEN BIT(10)
#define I2C_CR2_DMAEN BIT(11)
#define I2C_CR2_LAST BIT(12)
#define I2C_DR_ADDRESS 0x40005410u
#define I2C_DR REGISTER(I2C_DR_ADDRESS)
#define I2C_SR1 REGISTER(0x40005414u)
#define I2C_SR1_SB BIT(0)
#define I2C_SR1_ADDR BIT(1)
#define I2C_SR1_BTF BIT(2)
#define I2C_SR1_RXNE BIT(6)
#define I2C_SR1_TXE BIT(7)
#define I2C_SR1_AF BIT(10)
#define I2C_SR1_ERRORS (15u << 8) // BERR, ARLO, AF, OVR
#define I2C_SR2 REGISTER(0x40005418u)
#define I2C_SR2_BUSY BIT(1)
#define I2C_CCR REGISTER(0x4000541Cu)
#define I2C_CCR_FS BIT(15)
#define I2C_TRISE REGISTER(0x40005420u)

// DMA1 stream 0; its channel 1 is I2C1's receiver
#define DMA1_LISR REGISTER(0x40026000u)
#define DMA1_LIFCR REGISTER(0x40026008u)
#define DMA1_S0_FLAGS 0x3Du
#define DMA1_S0_TEIF BIT(3)
#define DMA1_S0_TCIF BIT(5)
#define DMA1_S0CR REGISTER(0x40026010u)
#define DMA1_S0CR_EN BIT(0)
#define DMA1_S0CR_TEIE BIT(2)
#define DMA1_S0CR_TCIE BIT(4)
#define DMA1_S0CR_MINC BIT(10)
#define DMA1_S0CR_CHSEL(channel) ((uint32_t)(channel) << 25)
#define DMA1_S0NDTR REGISTER(0x40026014u)
#define DMA1_S0PAR REGISTER(0x40026018u)
#define DMA1_S0M0AR REGISTER(0x4002601Cu)

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

enum {
    IRQ_EXTI0 = 6,
    IRQ_EXTI4 = 10,
    IRQ_DMA1_STREAM0 = 11,
    IRQ_I2C1_EV = 31,
    IRQ_I2C1_ER = 32,
    IRQ_USART2 = 38,
    IRQ_TIM6 = 54,
};
