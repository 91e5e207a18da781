*** Settings ***
Documentation       The LED keywords, on a light that a timer toggles each millisecond and one that a command sets.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Light Is Waited For In Virtual Time
    Start Shell
    Create Led Tester    sysbus.gpio0.led1
    Assert Led State    false
    Write To Uart    on\r
    Assert Led State    true    timeout=0.1    pauseEmulation=true

A Light That Stays Dark Fails
    Start Shell
    Create Led Tester    led1
    Run Keyword And Expect Error    *LED assertion not met.*was not lit within 0.1 s*
    ...    Assert Led State    true    timeout=0.1

A Light Holds Its State
    Start Shell
    Create Led Tester    led1
    Write To Uart    on\r
    Assert And Hold Led State    true    0.1    0.5

A Light That Goes Out Does Not Hold
    Start Firmware    timer_ppi.elf
    Create Led Tester    led2
    Run Keyword And Expect Error    *did not hold*    Assert And Hold Led State    true    0.1    0.01

A Light Blinks In Its Rhythm
    Start Firmware    timer_ppi.elf
    Create Led Tester    led2
    Assert Led State    true    timeout=0.1    pauseEmulation=true
    Assert Led Is Blinking    0.1    0.001    0.001    tolerance=0.01    pauseEmulation=true

A Wrong Rhythm Fails
    Start Firmware    timer_ppi.elf
    Create Led Tester    led2
    Assert Led State    true    timeout=0.1    pauseEmulation=true
    Run Keyword And Expect Error    *instead of 0.002 s*    Assert Led Is Blinking    0.1    0.002    0.001

A Light Is On For Half Of The Time
    Start Firmware    timer_ppi.elf
    Create Led Tester    led2
    Assert Led State    true    timeout=0.1    pauseEmulation=true
    Assert Led Duty Cycle    0.1    0.5    pauseEmulation=true

A Pause At A Light Is Exact
    Start Firmware    timer_ppi.elf
    Create Led Tester    led2    defaultTimeout=0.1
    Assert Led State    true    pauseEmulation=true
    Assert Led State    false    pauseEmulation=true
    ${off}=    Virtual Time
    Assert Led State    true    pauseEmulation=true
    ${on}=    Virtual Time
    Should Be True    abs(${on} - ${off} - 0.001) < 0.000002

A Light That Is Not There Is Named
    Create Machine    platform=nrf52840dk
    Run Keyword And Expect Error    *not found or of wrong type: 'led9'. Available LEDs: [[]led1, led2*
    ...    Create Led Tester    led9
