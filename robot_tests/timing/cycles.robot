*** Settings ***
Documentation       Cycles and deadlines: what a suite for Renode cannot ask. All numbers are simulated estimates.
Resource            ../resources/tinysim.resource
Test Teardown       Reset Emulation


*** Test Cases ***
Cycles Between Two Lines Are Counted
    Start Firmware    timer_ppi.elf
    Wait For Line On Uart    events=200
    ${cycles}=    Cycles Between    events=100    events=200
    Should Be True    6_398_000 < ${cycles} < 6_402_000

Cycles Out Of Their Bounds Fail
    Start Firmware    timer_ppi.elf
    Wait For Line On Uart    events=200
    Run Keyword And Expect Error    *cycles from 'TS ppi events=100*expected*
    ...    Cycles Between    events=100    events=200    at_most=1000

Two Runs Take The Same Cycles
    Start Firmware    timer_ppi.elf
    Wait For Line On Uart    events=200
    ${first}=    Cycles Between    events=100    events=200
    Reset Emulation
    Start Firmware    timer_ppi.elf
    Wait For Line On Uart    events=200
    Cycles Between    events=100    events=200    at_least=${first}    at_most=${first}

The Inference Keeps Its Deadline
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Watch Stage    inference    nn_invoke
    Run For    2
    Deadline Should Hold    stage=inference    within_ms=5

A Deadline That Is Too Short Does Not Hold
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Watch Stage    inference    nn_invoke
    Run For    1
    Run Keyword And Expect Error    *inference took 3.* ms, more than 1 ms*
    ...    Deadline Should Hold    stage=inference    within_ms=1

A Stage Takes The Cycles That The Firmware Measures
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_single.csv
    Watch Stage    inference    nn_invoke
    ${line}=    Wait For Line On Uart    TS win n=0 class=\\w+ p=\\S+ us=(\\d+)    treatAsRegex=true
    ${cycles}=    Stage Cycles    inference
    Should Be True    abs(${cycles} / 64 - ${line.Groups}[0]) < 3

Every Window Is Done Before The Next Hop
    Start Firmware With Stream    tap.elf    ${TAP_STREAMS}/tap_double.csv
    Run For    2.5
    Deadline Should Hold

The DSP Kernels Are Faster Than The Portable Ones
    Start Firmware    nn_kernels.elf
    ${line}=    Wait For Line On Uart    match=1 layers=1 reference_us=(\\d+) dsp_us=(\\d+)    treatAsRegex=true
    Should Be True    ${line.Groups}[1] * 2 < ${line.Groups}[0]
