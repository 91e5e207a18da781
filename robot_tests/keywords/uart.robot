*** Settings ***
Documentation       The UART keywords, on a shell that prompts, echoes and answers.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Prompt Is Found In A Line That Has No End
    Start Firmware    console.elf
    ${prompt}=    Wait For Prompt On Uart    >${SPACE}
    Should Be Equal    ${prompt.Line}    >${SPACE}

A Written Line Is Echoed And Answered
    Start Shell
    Write Line To Uart    ping
    Wait For Line On Uart    TS pong n=1

The Answer Comes Behind The Prompt
    Start Shell
    Write Line To Uart    ping
    Wait For Prompt On Uart    >
    Write Line To Uart    ping
    Wait For Line On Uart    TS pong n=2

A Character And A Key Are Sent
    Start Shell
    Write Char On Uart    x
    Send Key To Uart    0xD
    Wait For Line On Uart    TS unknown bytes=1

Characters Come With A Delay
    Start Shell
    Write Char Delay    0.01
    ${before}=    Virtual Time
    Write To Uart    ping\r
    Wait For Line On Uart    TS pong
    ${after}=    Virtual Time
    Should Be True    ${after} - ${before} > 0.0499

A Result Has A Time Stamp In Virtual Milliseconds
    Start Firmware    hello.elf
    ${line}=    Wait For Line On Uart    TS hello
    ${now}=    Virtual Time
    Should Be True    abs(${line.Timestamp} - 1000 * ${now}) < 0.02
    Should Be Equal    ${line}[line]    ${line.Line}

The Groups Of An Expression Are Results
    Start Firmware    timer_ppi.elf
    ${line}=    Wait For Line On Uart    events=(?<events>\\d+) interrupts=(\\d+)    treatAsRegex=true
    Should Be Equal    ${line.Groups}    ${{['100', '100']}}

A Line That Does Not Come Fails With What Came
    Start Firmware    hello.elf
    Run Keyword And Expect Error    *Terminal tester failed!*within 0.1 s of virtual time*TS hello from=tinysim*
    ...    Wait For Line On Uart    goodbye    timeout=0.1

The Next Line Must Match When Asked
    Start Firmware    timer_ppi.elf
    Run Keyword And Expect Error    *the next line is 'TS ppi events=100*
    ...    Wait For Line On Uart    events=200    matchNextLine=true

Lines That Follow Each Other Are Found Together
    Start Firmware    timer_ppi.elf
    ${last}=    Wait For Lines On Uart    ${{['events=200', 'events=300']}}
    Should Contain    ${last.Line}    events=300

An Unfinished Line Counts When Asked
    Start Firmware    console.elf
    Wait For Line On Uart    >    includeUnfinishedLine=true

A Failing String Ends A Wait
    Start Firmware    timer_ppi.elf
    Register Failing Uart String    events=200
    Run Keyword And Expect Error    *Test failing entry has been found on UART:*events=200*
    ...    Wait For Line On Uart    events=400
    Unregister Failing Uart String    events=200
    Wait For Line On Uart    events=400

A Quiet UART Is Idle
    Start Firmware    hello.elf
    Wait For Line On Uart    TS hello
    Test If Uart Is Idle    1
    Reset Emulation
    Start Firmware    timer_ppi.elf
    Run Keyword And Expect Error    *it was not idle*    Test If Uart Is Idle    0.2

What Should Not Be There Is Waited Out
    Start Firmware    timer_ppi.elf
    Should Not Be On Uart    events=200    timeout=0.15
    Run Keyword And Expect Error    *events=200*    Should Not Be On Uart    events=200    timeout=0.1

A Machine Runs On Behind A Match Unless It Is Paused
    Create Machine    platform=nrf52840dk
    Load Firmware    ${PREBUILT}/nrf52840dk/timer_ppi.elf
    Create Terminal Tester    uart0
    ${line}=    Wait For Line On Uart    events=100
    Wait Until Keyword Succeeds    30s    20ms    Virtual Time Should Have Passed    ${line.Timestamp} / 1000 + 0.02

Sleep Lets A Started Machine Run
    Create Machine    platform=nrf52840dk
    Load Firmware    ${PREBUILT}/nrf52840dk/timer_ppi.elf
    ${began}=    Evaluate    time.monotonic()
    Start Emulation
    Wait Until Keyword Succeeds    30s    50ms    Virtual Time Should Have Passed    0.02
    Execute Command    pause
    ${now}=    Virtual Time
    ${passed}=    Evaluate    time.monotonic() - ${began}
    Should Be True    ${now} <= ${passed} + 0.01    It must not be faster than the wall clock

Bytes Are Found By A Binary Tester
    Create Machine    platform=nrf52840dk
    Load Firmware    ${PREBUILT}/nrf52840dk/hello.elf
    Create Terminal Tester    uart0    binaryMode=true    defaultPauseEmulation=true
    ${bytes}=    Wait For Bytes On Uart    68656c6c6f
    Should Be Equal    ${bytes.Content}    ${{b'hello'}}
    Wait For Bytes On Uart    =(\\w+)    treatAsRegex=true

Testers Have Numbers
    Start Firmware    console.elf
    ${same}=    Create Terminal Tester    sysbus.uart0
    Should Be Equal As Integers    ${same}    0
    Run Keyword And Expect Error    *there is no terminal tester 5*    Wait For Line On Uart    x    testerId=5

The Report Tells What Was Sent And Waited For
    Start Firmware    hello.elf
    Wait For Line On Uart    TS hello
    ${report}=    Get Terminal Tester Report
    Should Contain    ${report}    TS hello from=tinysim
    Should Contain    ${report}    Line containing >>TS hello<< event: success

A UART That Is Not There Is Named
    Create Machine    platform=nrf52840dk
    Run Keyword And Expect Error    *not found or of wrong type: 'sysbus.uart9'*
    ...    Create Terminal Tester    sysbus.uart9


*** Keywords ***
Virtual Time Should Have Passed
    [Documentation]    Fails before then: for waits on a machine that runs on beside the suite, as fast as the host lets it.
    [Arguments]    ${seconds}
    ${now}=    Virtual Time
    Should Be True    ${now} > ${seconds}
