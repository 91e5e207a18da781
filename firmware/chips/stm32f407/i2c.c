#include "chips/stm32f407/i2c.h"

#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/core.h"

// 400 kHz moves a byte in 22.5 us: far more polls than the longest wait between two flags needs.
enum { POLLS_MAXIMUM = 100000 };
enum { FAST_HZ = 400000, FAST_RISE_NS = 300, RECEIVER_CHANNEL = 1 };

static uint8_t address;

void i2c_start(uint8_t target_address)
{
    address = target_address;
    RCC_APB1ENR |= RCC_APB1ENR_I2C1;
    RCC_AHB1ENR |= RCC_AHB1ENR_DMA1;
    (void)RCC_AHB1ENR; // an enabled block answers two cycles later
    const uint32_t pclk1_mhz = CLOCK_PCLK1_HZ / 1000000;
    I2C_CR1 = 0;
    I2C_CR2 = pclk1_mhz;
    I2C_CCR = I2C_CCR_FS | CLOCK_PCLK1_HZ / (3 * FAST_HZ);
    I2C_TRISE = pclk1_mhz * FAST_RISE_NS / 1000 + 1;
    I2C_CR1 = I2C_CR1_PE;
}

// ---- polled ----

static bool wait_flag(uint32_t flag)
{
    for (uint32_t polls = 0; polls < POLLS_MAXIMUM; ++polls) {
        uint32_t status = I2C_SR1;
        if (status & I2C_SR1_ERRORS) {
            return false;
        }
        if (status & flag) {
            return true;
        }
    }
    return false;
}

// While STOP is set nobody may write CR1.
static bool wait_stopped(void)
{
    uint32_t polls = 0;
    while ((I2C_CR1 & I2C_CR1_STOP) && ++polls < POLLS_MAXIMUM) {
    }
    return polls < POLLS_MAXIMUM;
}

// START and the address; ADDR is left to be cleared.
static bool address_target(bool is_read)
{
    I2C_CR1 |= I2C_CR1_START;
    if (!wait_flag(I2C_SR1_SB)) {
        return false;
    }
    I2C_DR = (uint32_t)address << 1 | is_read;
    return wait_flag(I2C_SR1_ADDR);
}

static bool send_register(uint8_t target_register)
{
    if (!wait_stopped() || !address_target(false)) {
        return false;
    }
    (void)I2C_SR2;
    I2C_DR = target_register;
    return wait_flag(I2C_SR1_TXE);
}

static bool give_up(void)
{
    I2C_SR1 = ~I2C_SR1_ERRORS;
    I2C_CR1 |= I2C_CR1_STOP;
    wait_stopped();
    return false;
}

bool i2c_write_register(uint8_t target_register, uint8_t value)
{
    if (!send_register(target_register)) {
        return give_up();
    }
    I2C_DR = value;
    if (!wait_flag(I2C_SR1_BTF)) {
        return give_up();
    }
    I2C_CR1 |= I2C_CR1_STOP;
    return wait_stopped();
}

// ACK falls and STOP rises while the one byte moves: nothing may come between.
static bool receive_one(uint8_t *buffer)
{
    I2C_CR1 &= ~I2C_CR1_ACK;
    uint32_t lock = core_lock();
    (void)I2C_SR2;
    I2C_CR1 |= I2C_CR1_STOP;
    core_unlock(lock);
    if (!wait_flag(I2C_SR1_RXNE)) {
        return false;
    }
    *buffer = (uint8_t)I2C_DR;
    return true;
}

// Two bytes left and none read: the second one is not acknowledged, STOP waits for BTF.
static bool receive_two(uint8_t *buffer)
{
    I2C_CR1 |= I2C_CR1_POS;
    uint32_t lock = core_lock();
    (void)I2C_SR2;
    I2C_CR1 &= ~I2C_CR1_ACK;
    core_unlock(lock);
    bool ok = wait_flag(I2C_SR1_BTF);
    if (ok) {
        I2C_CR1 |= I2C_CR1_STOP;
        buffer[0] = (uint8_t)I2C_DR;
        buffer[1] = (uint8_t)I2C_DR;
        wait_stopped();
    }
    I2C_CR1 &= ~I2C_CR1_POS;
    return ok;
}

// The last three bytes go by BTF: SCL is held while ACK and STOP are set, however late we are.
static bool receive_many(uint8_t *buffer, uint32_t size)
{
    (void)I2C_SR2;
    for (; size > 3; --size) {
        if (!wait_flag(I2C_SR1_RXNE)) {
            return false;
        }
        *buffer++ = (uint8_t)I2C_DR;
    }
    if (!wait_flag(I2C_SR1_BTF)) {
        return false;
    }
    I2C_CR1 &= ~I2C_CR1_ACK;
    *buffer++ = (uint8_t)I2C_DR;
    if (!wait_flag(I2C_SR1_BTF)) {
        return false;
    }
    I2C_CR1 |= I2C_CR1_STOP;
    *buffer++ = (uint8_t)I2C_DR;
    *buffer = (uint8_t)I2C_DR;
    return true;
}

bool i2c_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    I2C_CR1 |= I2C_CR1_ACK;
    if (!send_register(target_register) || !address_target(true)) {
        return give_up();
    }
    bool ok = size == 1   ? receive_one(buffer)
              : size == 2 ? receive_two(buffer)
                          : receive_many(buffer, size);
    return ok ? wait_stopped() : give_up();
}

// ---- by DMA ----

static struct {
    uint8_t target_register;
    uint8_t *buffer;
    uint32_t size;
} prepared;
static bool reading; // the register number is sent, the target is addressed to read
static i2c_done transfer_done;

void i2c_interrupts(i2c_done done, uint32_t priority)
{
    transfer_done = done;
    core_interrupt_enable(IRQ_I2C1_EV, priority);
    core_interrupt_enable(IRQ_I2C1_ER, priority);
    core_interrupt_enable(IRQ_DMA1_STREAM0, priority);
}

void i2c_prepare_read(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    prepared.target_register = target_register;
    prepared.buffer = buffer;
    prepared.size = size;
}

static void start_stream(void)
{
    DMA1_LIFCR = DMA1_S0_FLAGS;
    DMA1_S0PAR = I2C_DR_ADDRESS;
    DMA1_S0M0AR = (uint32_t)(uintptr_t)prepared.buffer;
    DMA1_S0NDTR = prepared.size;
    DMA1_S0CR = DMA1_S0CR_CHSEL(RECEIVER_CHANNEL) | DMA1_S0CR_MINC | DMA1_S0CR_TCIE |
                DMA1_S0CR_TEIE | DMA1_S0CR_EN;
}

// Waits for the end of the STOP before, at most a bit time.
void i2c_begin(void)
{
    wait_stopped();
    reading = false;
    start_stream();
    uint32_t control = (I2C_CR2 & ~I2C_CR2_LAST) | I2C_CR2_DMAEN | I2C_CR2_ITEVTEN | I2C_CR2_ITERREN;
    I2C_CR2 = prepared.size > 1 ? control | I2C_CR2_LAST : control;
    I2C_CR1 |= I2C_CR1_ACK | I2C_CR1_START;
}

static void end(bool ok)
{
    I2C_CR2 &= ~(I2C_CR2_DMAEN | I2C_CR2_LAST | I2C_CR2_ITEVTEN | I2C_CR2_ITERREN);
    DMA1_S0CR &= ~DMA1_S0CR_EN;
    transfer_done(ok);
}

// The START behind the register number is asked for while it moves: it comes after the byte, and
// BTF never rises.
static void register_addressed(void)
{
    (void)I2C_SR2;
    I2C_DR = prepared.target_register;
    reading = true;
    I2C_CR1 |= I2C_CR1_START;
}

// From here on the bytes are the DMA's; it tells I2C the last but one.
static void data_addressed(void)
{
    I2C_CR2 &= ~I2C_CR2_ITEVTEN;
    if (prepared.size > 1) {
        (void)I2C_SR2;
        return;
    }
    I2C_CR1 &= ~I2C_CR1_ACK;
    uint32_t lock = core_lock();
    (void)I2C_SR2;
    I2C_CR1 |= I2C_CR1_STOP;
    core_unlock(lock);
}

void I2C1_EV_IRQHandler(void)
{
    uint32_t status = I2C_SR1;
    if (status & I2C_SR1_SB) {
        I2C_DR = (uint32_t)address << 1 | reading;
    } else if ((status & I2C_SR1_ADDR) && !reading) {
        register_addressed();
    } else if (status & I2C_SR1_ADDR) {
        data_addressed();
    }
}

void I2C1_ER_IRQHandler(void)
{
    I2C_SR1 = ~I2C_SR1_ERRORS;
    I2C_CR1 |= I2C_CR1_STOP;
    end(false);
}

void DMA1_Stream0_IRQHandler(void)
{
    uint32_t flags = DMA1_LISR;
    DMA1_LIFCR = DMA1_S0_FLAGS;
    (void)DMA1_LISR;
    if (prepared.size > 1 || (flags & DMA1_S0_TEIF)) {
        I2C_CR1 |= I2C_CR1_STOP;
    }
    end((flags & DMA1_S0_TCIF) != 0);
}
