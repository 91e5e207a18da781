*** Settings ***
Documentation       What suites written for Renode import as \${RENODEKEYWORDS}: the words of its own resource of this name, on
...                 tinysim's library. Not here: profiler, dumps of registers, execution metrics.
Library             tinysim.robot
Library             OperatingSystem


*** Variables ***
${RESULTS_DIRECTORY}    ${OUTPUT_DIR}
${HOTSPOT_ACTION}       None
${SAVE_LOGS_WHEN}       never


*** Keywords ***
Setup
    [Documentation]    Nothing is to be started: the machines live in this process.
    Set Default Uart Timeout    8

Teardown
    [Documentation]    Nothing runs on behind the suite.
    Reset Emulation

Test Setup
    Reset Emulation

Test Teardown
    [Documentation]    Keep the log of a failed test, then forget its machines.
    Run Keyword If Test Failed    Save Test Log
    Reset Emulation

Sanitize Test Name
    [Arguments]    ${test_name}
    ${test_name}=    Evaluate    __import__('re').sub(r'[^\\w-]+', '_', $test_name)
    RETURN    ${test_name}

Get Sanitized Test Name
    ${name}=    Sanitize Test Name    ${SUITE NAME}.${TEST NAME}
    RETURN    ${name}

Save Test Log
    ${name}=    Get Sanitized Test Name
    Create Directory    ${RESULTS_DIRECTORY}/logs
    Save Cached Log    ${RESULTS_DIRECTORY}/logs/${name}.log

Create Snapshot Of Failed Test
    ${name}=    Get Sanitized Test Name
    Create Directory    ${RESULTS_DIRECTORY}/snapshots
    Execute Command    Save @${RESULTS_DIRECTORY}/snapshots/${name}.save

Hot Spot
    [Arguments]    ${action}=${HOTSPOT_ACTION}
    Handle Hot Spot    ${action}

Start Profiler
    Fail    Start Profiler is not supported by tinysim: use tinysim profile

Stop Profiler
    Fail    Stop Profiler is not supported by tinysim: use tinysim profile
