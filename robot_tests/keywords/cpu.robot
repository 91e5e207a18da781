*** Settings ***
Documentation       The CPU keywords, the Monitor, temporary files, and a GDB that joins in.
Library             Process
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Machine Runs To An Address
    Start Firmware    hello.elf
    ${symbol}=    Execute Command    sysbus GetSymbolAddress "main"
    ${address}=    Evaluate    int($symbol.strip(), 16) & ~1
    Run Until Breakpoint    1    address=${address}
    Pc Should Be Equal    ${address}
    Register Should Be Equal    PC    ${address}
    Register Should Be Equal    15    ${address}

A Register With Another Value Is Told
    Start Firmware    hello.elf
    Run Keyword And Expect Error    *PC value assertion failed, actual: 0x*, expected: 0xaa*
    ...    Pc Should Be Equal    0xaa
    Run Keyword And Expect Error    *Wrong register name: NOPE*    Register Should Be Equal    NOPE    0

An Address That Is Not Reached Is Told
    Start Firmware    hello.elf
    Run Keyword And Expect Error    *Breakpoint hasn't been hit in excepted time of 0.1 seconds*
    ...    Run Until Breakpoint    0.1    address=0xFFF00

The Monitor Reads And Writes Memory
    Start Firmware    hello.elf
    Execute Command    sysbus WriteDoubleWord 0x20003000 0x12345678
    ${value}=    Execute Command    sysbus ReadDoubleWord 0x20003000
    Should Contain    ${value}    0x12345678

The Monitor Steps The CPU
    Start Firmware    hello.elf
    Execute Command    cpu Step 10
    ${count}=    Execute Command    cpu ExecutedInstructions
    Should Be Equal As Integers    ${count.strip()}    10

The Monitor Lets Time Pass
    Start Firmware    hello.elf
    Execute Command    emulation RunFor "0.25"
    ${now}=    Virtual Time
    Should Be True    0.25 <= ${now} < 0.2501

A Command That Does Not Exist Is Named
    Create Machine    platform=nrf52840dk
    Run Keyword And Expect Error    *levitate*    Execute Command    levitate cpu

What tinysim Has Not Is Refused With The Reason
    Run Keyword And Expect Error    *Execute Python is not supported by tinysim: there is no IronPython*
    ...    Execute Python    1+1
    Run Keyword And Expect Error    *no CAN controllers*    Create CANTester    canHub

Temporary Files Are New
    ${one}=    Allocate Temporary File
    ${two}=    Allocate Temporary File
    Should Not Be Equal    ${one}    ${two}

A Machine That Is Not There Is Named
    Run Keyword And Expect Error    *There is no machine in the emulation*    Create Terminal Tester    uart0
    Create Machine    platform=nrf52840dk    name=first
    Create Machine    platform=nrf52840dk    name=second
    Run Keyword And Expect Error    *Available machines: [[]first, second]*    Create Terminal Tester    uart0

Two Machines Keep The Same Time
    Create Machine    platform=nrf52840dk    name=first
    Create Machine    platform=stm32f4_discovery    name=second
    Load Firmware    ${PREBUILT}/nrf52840dk/hello.elf    machine=first
    Load Firmware    ${PREBUILT}/stm32f4_discovery/hello.elf    machine=second
    Create Terminal Tester    uart0    machine=first    defaultPauseEmulation=true
    Create Terminal Tester    usart2    machine=second    defaultPauseEmulation=true
    Wait For Line On Uart    TS hello    testerId=1
    Wait For Line On Uart    TS hello    testerId=0

GDB Joins A Machine
    ${gdb}=    Evaluate    shutil.which('gdb-multiarch') or ''    modules=shutil
    Skip If    not $gdb    gdb-multiarch is not installed
    Start Firmware    hello.elf
    ${port}=    Start Gdb Server
    ${session}=    Start Process    ${gdb}    -nx    -batch    -ex    target remote 127.0.0.1:${port}
    ...    -ex    break main    -ex    continue    -ex    detach    ${PREBUILT}/nrf52840dk/hello.elf    stderr=STDOUT
    Wait For Gdb Connection    ${port}
    ${result}=    Wait For Process    ${session}    timeout=20s    on_timeout=kill
    Should Contain    ${result.stdout}    Breakpoint 1, main ()
