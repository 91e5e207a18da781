*** Settings ***
Documentation       Every board that has firmware boots and prints, with the clocks that its firmware sets up.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
The nRF52840 DK Boots And Prints
    Start Firmware    hello.elf    nrf52840dk    uart0
    Wait For Line On Uart    TS hello from=tinysim    timeout=0.1
    Report Should Have No Findings

The STM32F4 Discovery Boots And Prints
    Start Firmware    hello.elf    stm32f4_discovery    usart2
    Wait For Line On Uart    TS hello from=tinysim    timeout=0.1
    Report Should Have No Findings

The Nucleo L4R5ZI Boots And Prints
    Start Firmware    hello.elf    nucleo_l4r5zi    lpuart1
    Wait For Line On Uart    TS hello from=tinysim    timeout=0.1
    Report Should Have No Findings

The nRF52840 Keeps A UICR Write Over A Reset
    Start Firmware    uicr_reset.elf
    Wait For Line On Uart    TS boot resetreas=0x00000004 pselreset=0x00000012
    ${resets}=    Counter    cpu.system_resets
    Should Be Equal As Integers    ${resets}    1

The STM32F4 Discovery Runs At 168 MHz
    Start Firmware    stm32_blink.elf    stm32f4_discovery    usart2
    ${line}=    Wait For Line On Uart    TS cycles us=(\\d+) cycles=(\\d+)    treatAsRegex=true
    ${mhz}=    Evaluate    ${line.Groups}[1] / ${line.Groups}[0]
    Should Be True    167 < ${mhz} < 169

The Nucleo L4R5ZI Runs At 120 MHz
    Start Firmware    stm32l4_blink.elf    nucleo_l4r5zi    lpuart1
    ${line}=    Wait For Line On Uart    TS cycles us=(\\d+) cycles=(\\d+)    treatAsRegex=true
    ${mhz}=    Evaluate    ${line.Groups}[1] / ${line.Groups}[0]
    Should Be True    119 < ${mhz} < 121

The Light Of The STM32F4 Discovery Toggles Each Two Milliseconds
    Start Firmware    stm32_blink.elf    stm32f4_discovery    usart2
    Create Led Tester    UserLED
    Assert Led State    true    timeout=0.1    pauseEmulation=true
    Assert Led Is Blinking    0.005    onDuration=0.002    offDuration=0.002    pauseEmulation=true

The Button Of The STM32F4 Discovery Interrupts
    Start Firmware    stm32_blink.elf    stm32f4_discovery    usart2
    Wait For Line On Uart    TS cycles
    Press Button    UserButton
    Run For    0.01
    Release Button    UserButton
    Wait For Line On Uart    TS done seconds=1 presses=1    timeout=2

The Button Of The Nucleo L4R5ZI Interrupts
    Start Firmware    stm32l4_blink.elf    nucleo_l4r5zi    lpuart1
    Wait For Line On Uart    TS cycles
    Press Button    UserButton
    Run For    0.01
    Release Button    UserButton
    Wait For Line On Uart    TS done seconds=1 presses=1    timeout=2

The STM32F4 Sends A Line By DMA
    Start Firmware    stm32_dma_memory.elf    stm32f4_discovery    usart2
    Wait For Line On Uart    TS text by=dma

The STM32L4 Sends A Line By DMA
    Start Firmware    stm32l4_dma.elf    nucleo_l4r5zi    lpuart1
    Wait For Lines On Uart    ${{['sent by dma', 'TS send us=']}}

The STM32F4 Reads Its Sensor In Three Ways
    Start Firmware    stm32_i2c.elf    stm32f4_discovery    usart2
    FOR    ${way}    IN    polled    interrupt    dma
        Wait For Next Line On Uart
        ${line}=    Get Terminal Tester Report
        Should Contain    ${line}    TS ${way} ok=1
    END

Every Platform Of The Folder Can Be Built
    ${names}=    Evaluate    tinysim.platform.platform_names()    modules=tinysim.platform
    FOR    ${name}    IN    @{names}
        Create Machine    platform=${name}
        Reset Emulation
    END
