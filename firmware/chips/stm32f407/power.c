#include "chips/stm32_power.h"

#include "chips/stm32f407/core.h"

#define SCB_SCR REGISTER(0xE000ED10u)
#define SCB_SCR_SLEEPDEEP BIT(2)
#define PWR_CR_LPDS BIT(0)
#define PWR_CR_PDDS BIT(1)
#define PWR_CR_CWUF BIT(2)
#define PWR_CR_CSBF BIT(3)
#define PWR_CR_DBP BIT(8)
#define PWR_CSR REGISTER(0x40007004u)
#define PWR_CSR_SBF BIT(1)
#define RCC_BDCR REGISTER(0x40023870u)
#define RCC_BDCR_RTC_LSI (2u << 8)
#define RCC_BDCR_RTCEN BIT(15)
#define RCC_CSR_LSION BIT(0)
#define RCC_CSR_LSIRDY BIT(1)

enum { RTC_LINE = 22, IRQ_RTC_WKUP = 3, PRIORITY = 5 };

static uint32_t lines;

void power_start(uint32_t button_line, uint32_t button_port)
{
    RCC_APB1ENR |= RCC_APB1ENR_PWR;
    RCC_APB2ENR |= RCC_APB2ENR_SYSCFG;
    (void)RCC_APB2ENR;
    RCC_CSR |= RCC_CSR_LSION;
    while (!(RCC_CSR & RCC_CSR_LSIRDY)) {
    }
    PWR_CR |= PWR_CR_DBP;
    RCC_BDCR = RCC_BDCR_RTC_LSI | RCC_BDCR_RTCEN;
    SYSCFG_EXTICR(button_line) = button_port << (4u * (button_line & 3u));
    lines = BIT(RTC_LINE) | BIT(button_line);
    EXTI_RTSR = lines;
    EXTI_IMR = lines;
    core_interrupt_enable(IRQ_RTC_WKUP, PRIORITY);
    core_interrupt_enable(IRQ_EXTI0, PRIORITY);
}

void power_sleep(void)
{
    (void)core_lock();
    __asm volatile("dsb\n\twfi" ::: "memory");
}

static void sleep_deeply(uint32_t mode)
{
    PWR_CR = (PWR_CR & ~(PWR_CR_LPDS | PWR_CR_PDDS)) | PWR_CR_CWUF | mode;
    SCB_SCR |= SCB_SCR_SLEEPDEEP;
    power_sleep();
    SCB_SCR &= ~SCB_SCR_SLEEPDEEP;
}

void power_stop(uint32_t depth)
{
    sleep_deeply(depth == 0 ? 0 : PWR_CR_LPDS);
}

void power_standby(void)
{
    sleep_deeply(PWR_CR_PDDS);
}

void power_clear_wake(void)
{
    EXTI_PR = lines;
    (void)EXTI_PR;
    NVIC_ICPR(0) = BIT(IRQ_RTC_WKUP) | BIT(IRQ_EXTI0);
    core_unlock(0);
}

bool power_was_standby(void)
{
    RCC_APB1ENR |= RCC_APB1ENR_PWR;
    (void)RCC_APB1ENR;
    bool was = (PWR_CSR & PWR_CSR_SBF) != 0;
    PWR_CR |= PWR_CR_CSBF | PWR_CR_CWUF;
    return was;
}
