*** Settings ***
Documentation       A firmware that faults is told by name, and where.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Bus Fault Is Told With Its Flags
    Start Firmware    fault_bus.elf
    Wait For Pause    0.1
    ${kind}=    Fault Should Be    PRECISERR
    Should Be Equal    ${kind}    HardFault

A Division By Zero Is Told
    Start Firmware    fault_div.elf
    Wait For Pause    0.1
    ${kind}=    Fault Should Be    DIVBYZERO
    Should Be Equal    ${kind}    HardFault

An Undefined Instruction Is Told
    Start Firmware    fault_undefined.elf
    Wait For Pause    0.1
    ${kind}=    Fault Should Be    UNDEFINSTR
    Should Be Equal    ${kind}    HardFault

A Lockup Is Told
    Start Firmware    lockup.elf
    Wait For Pause    0.1
    Report Should Have Finding    lockup

A Sleep Without A Wake-Up Is A Deadlock
    Start Firmware    deadlock.elf
    Wait For Pause    0.1
    Report Should Have Finding    deadlock

A Wait On A Dead Machine Ends At Once And Says Why
    Start Firmware    fault_bus.elf
    Run Keyword And Expect Error    *never will: the machine stopped with 'fault'*
    ...    Wait For Line On Uart    TS hello    timeout=1000

The Log Tells That A Machine Stopped
    Create Log Tester    1    defaultPauseEmulation=true
    Start Firmware    fault_bus.elf
    Wait For Log Entry    stopped with 'fault'    level=Error
