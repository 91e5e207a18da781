*** Settings ***
Documentation       A gallery of overruns: work that is too slow, a FIFO that is not read, and how they are owned up to.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Firmware That Is Too Slow Reports Its Overruns
    Start Firmware With Stream    tap_slow.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS stats .*overruns=[1-9]\\d* lost=[1-9]    timeout=4    treatAsRegex=true
    Should Have Reported An Overrun

The Same Firmware On The STM32F4 Reports Them, Too
    Start Firmware With Stream    tap_slow.elf    ${TAP_STREAMS}/tap_single.csv    stm32f4_discovery    usart2
    Wait For Line On Uart    TS stats .*overruns=[1-9]\\d* lost=[1-9]    timeout=6    treatAsRegex=true
    Should Have Reported An Overrun

Lost Samples Fail The Check For Losses
    Start Firmware With Stream    tap_slow.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS stats .*lost=[1-9]    timeout=4    treatAsRegex=true
    Run Keyword And Expect Error    *samples lost*    Should Have Lost No Samples

Late Windows Break The Deadline
    Start Firmware With Stream    tap_slow.elf    ${TAP_STREAMS}/tap_single.csv
    Run For    2
    Run Keyword And Expect Error    *windows were busy longer than the hop*    Deadline Should Hold

A Slow Interrupt Handler Makes The FIFO Overrun
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Inject Interrupt Load    uart0    2000000
    Run For    2
    ${overruns}=    Counter    accelerometer.overruns
    Should Be True    ${overruns} > 0

A FIFO That Nobody Can Read Overruns
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS win n=0
    Inject Fault    bus-lost    part=accelerometer
    Run For    1
    ${lost}=    Counter    accelerometer.samples_lost
    Should Be True    ${lost} > 100

The Report Names The Loss
    Start Firmware With Stream    tap_slow.elf    ${TAP_STREAMS}/tap_single.csv
    Run For    2
    ${message}=    Report Should Have Finding    samples-lost
    Should Match Regexp    ${message}    \\d+ samples lost

A Good Firmware Reports No Overrun
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Run For    2
    Run Keyword And Expect Error    *no sensor overran*    Should Have Reported An Overrun
