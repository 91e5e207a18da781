*** Settings ***
Documentation       The tap application on the STM32F4DISCOVERY, whose sensor is read by EXTI, I2C1 and DMA1.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Variables ***
${BOARD}        stm32f4_discovery
${CONSOLE}      usart2


*** Test Cases ***
A Single Tap Is Reported Once As Single
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.Groups}[0]    single
    Should Not Be On Uart    TS event    timeout=1
    Should Have Lost No Samples

A Double Tap Is Reported Once As Double
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_double.csv
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.Groups}[0]    double
    Should Have Lost No Samples

A Knock On The Table Is No Tap
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_knock.csv
    Should Not Be On Uart    TS event    timeout=3
    Should Have Lost No Samples

A Tap Lights The Green LED
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Create Led Tester    UserLED
    Wait For Line On Uart    TS event    timeout=3
    Assert Led State    true    timeout=0.01    pauseEmulation=true

The Deadline Of Each Window Holds
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Run For    2
    Deadline Should Hold
