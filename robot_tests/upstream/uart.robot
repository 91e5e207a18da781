*** Settings ***
Documentation       In the idiom of suites for Renode: the variable below is what `tinysim robot` and renode-test set.
Suite Setup         Setup
Suite Teardown      Teardown
Test Setup          Reset Emulation
Test Teardown       Test Teardown
Resource            ${RENODEKEYWORDS}


*** Variables ***
${UART}                sysbus.uart0
${RENODEKEYWORDS}      ${CURDIR}/../../emulator/tinysim/robot/renode-keywords.robot
${FOLDER}              ${CURDIR}/../../firmware/prebuilt/nrf52840dk


*** Keywords ***
Create Machine With
    [Arguments]    ${elf}
    Execute Command    mach create
    Execute Command    machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl
    Execute Command    sysbus LoadELF @${FOLDER}/${elf}


*** Test Cases ***
Should Print Hello
    Create Machine With    hello.elf
    Create Terminal Tester    ${UART}
    Start Emulation
    Wait For Line On Uart    TS hello from=tinysim

Should Pause At The Line
    Create Machine With    timer_ppi.elf
    Create Terminal Tester    ${UART}    defaultPauseEmulation=True
    ${l}=    Wait For Line On Uart    TS ppi events=(\\d+)    treatAsRegex=true
    Should Be Equal    ${l.groups[0]}    100
    ${l}=    Wait For Next Line On Uart
    Should Contain    ${l.line}    events=200

Should Answer The Shell
    [Tags]    console
    Create Machine With    console.elf
    Create Terminal Tester    ${UART}    timeout=2
    Wait For Prompt On Uart    >
    Write Line To Uart    ping
    Wait For Line On Uart    TS pong n=1
    Provides    shell

Should Continue The Shell
    [Tags]    console
    Requires    shell
    Write Line To Uart    ping
    Wait For Line On Uart    TS pong n=2

Should Blink
    Create Machine With    timer_ppi.elf
    Create Led Tester    sysbus.gpio0.led2
    Assert Led State    true    timeout=0.1    pauseEmulation=true
    Assert Led Is Blinking    testDuration=0.05    onDuration=0.001    offDuration=0.001    pauseEmulation=true

Should Log The Access
    Create Machine With    console.elf
    Create Log Tester    1
    Create Terminal Tester    ${UART}
    Wait For Prompt On Uart    >
    Write Line To Uart    peek
    Wait For Log Entry    non existing peripheral

Should Run A Script
    ${script}=    Allocate Temporary File
    Create File    ${script}    mach create "board"\nmachine LoadPlatformDescription @platforms/boards/nrf52840dk.repl\n
    Execute Script    ${script}
    ${answer}=    Execute Command    mach
    Should Contain    ${answer}    board

Should Let Time Pass With Sleep
    Create Machine With    timer_ppi.elf
    Create Terminal Tester    ${UART}
    Start Emulation
    Sleep    150ms
    Wait Until Keyword Succeeds    10s    150ms    Wait For Line On Uart    events=100    timeout=0
