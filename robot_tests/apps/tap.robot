*** Settings ***
Documentation       The tap application on the nRF52840: taps are told apart, knocks are ignored, nothing is lost.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Single Tap Is Reported Once As Single
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Wait For Line On Uart    TS boot app=tap
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.Groups}[0]    single
    Should Not Be On Uart    TS event    timeout=1
    Should Have Lost No Samples

A Double Tap Is Reported Once As Double
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_double.csv
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.Groups}[0]    double
    Should Not Be On Uart    TS event    timeout=1
    Should Have Lost No Samples

A Tap Lights The LED
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Create Led Tester    led1
    Assert Led State    false    pauseEmulation=true
    Wait For Line On Uart    TS event    timeout=3
    Assert Led State    true    timeout=0.01    pauseEmulation=true

A Knock On The Table Is No Tap
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_knock.csv
    Wait For Line On Uart    TS win n=0
    Should Not Be On Uart    TS event    timeout=3.5
    Should Have Lost No Samples

The Portable Kernels Decide As The DSP Kernels
    Start Firmware With Stream    tap_portable.elf    ${TAP_STREAMS}/tap_double.csv
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.Groups}[0]    double
    Should Have Lost No Samples

Windows Come Every 200 Milliseconds
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_knock.csv
    ${first}=    Wait For Line On Uart    TS win n=1    timeout=2
    ${second}=    Wait For Line On Uart    TS win n=2    timeout=2
    ${between_ms}=    Evaluate    ${second.Timestamp} - ${first.Timestamp}
    Should Be True    198 < ${between_ms} < 202

The Report Of A Good Run Has No Findings
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Run For    2.5
    Report Should Have No Findings
