*** Settings ***
Documentation       The tap application: taps are told apart, knocks are ignored, lost samples are owned up to.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
A Single Tap Is Reported Once As Single
    Start Firmware With Stream    tap.elf    tap_single.csv
    Wait For Line On Uart    TS boot app=tap
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.groups}[0]    single
    Should Not Be On Uart    TS event    timeout=1
    Should Have Lost No Samples

A Double Tap Is Reported Once As Double
    Start Firmware With Stream    tap.elf    tap_double.csv
    ${event}=    Wait For Line On Uart    TS event n=\\d+ class=(\\w+)    timeout=3    treatAsRegex=true
    Should Be Equal    ${event.groups}[0]    double
    Should Not Be On Uart    TS event    timeout=1
    Should Have Lost No Samples

A Tap Lights The LED
    Start Firmware With Stream    tap.elf    tap_single.csv
    Create Led Tester    led1
    Assert Led State    false
    Wait For Line On Uart    TS event    timeout=3
    Assert Led State    true    timeout=0.01

A Knock On The Table Is No Tap
    Start Firmware With Stream    tap.elf    tap_knock.csv
    Wait For Line On Uart    TS win n=0
    Should Not Be On Uart    TS event    timeout=3.5
    Should Have Lost No Samples

A Firmware That Is Too Slow Reports Its Overruns
    Start Firmware With Stream    tap_slow.elf    tap_single.csv
    Wait For Line On Uart    TS stats .*overruns=[1-9]\\d* lost=[1-9]    timeout=4    treatAsRegex=true
    Should Have Reported An Overrun
