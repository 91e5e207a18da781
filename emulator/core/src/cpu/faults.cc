// Faults of instructions and of lazy stacking: what is noted, what is taken, what escalates. DDI 0403 B1.5.14, B1.5.7.
#include "cpu/system_control.h"

namespace tinysim {

void Cpu::report_fault(unsigned number, uint32_t return_address) {
    has_fault = true;
    last_fault.exception = number;
    last_fault.pc = return_address;
    last_fault.cfsr = system->cfsr();
    last_fault.hfsr = system->hfsr();
    last_fault.address = system->fault_address();
    for (unsigned i = 0; i < 15; ++i) last_fault.registers[i] = r[i];
    last_fault.registers[15] = return_address;
    last_fault.xpsr = xpsr();
}

// Of the instruction in progress: the run loop takes it at this instruction's boundary.
void Cpu::fault(unsigned exception, uint32_t cfsr_bits, uint32_t address) {
    system->note_fault(cfsr_bits, address);
    const bool ignored = (cfsr_bits & preciserr) != 0 && system->ignores_faults_at_negative_priority() &&
                         exceptions.execution_priority() < 0;
    if (ignored) return;
    request = Request::fault;
    request_value = exception;
}

// A lazy save has failed. What its context could not have handled is a HardFault; what cannot be taken now stays pending,
// and the instruction runs, with the floats lost (TakePreserveFPException, B1.5.7). False: it is taken at once.
bool Cpu::raise_lazy_fault() {
    const uint32_t ready = frame_fault_ == mem_manage ? 1u << 5 : 1u << 6;      // FPCCR: MMRDY, BFRDY
    unsigned number = frame_fault_;
    if ((system->fpccr() & ready) == 0) {
        system->note_escalation();
        number = hard_fault;
    }
    if (exceptions.group_priority(number) >= exceptions.execution_priority() && number != hard_fault) {
        exceptions.set_pending(number);
        return true;
    }
    fault(number, 0);
    return false;
}

void Cpu::take_synchronous(unsigned number) {
    if (!exceptions.can_handle(number)) {
        if (number != hard_fault) system->note_escalation();
        number = hard_fault;
        if (!exceptions.can_handle(hard_fault)) {
            report_fault(hard_fault, pc);
            locked_up = true;
            return;
        }
    }
    exceptions.set_pending(number);
    take(number);
}

}  // namespace tinysim
