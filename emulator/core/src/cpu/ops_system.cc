// Handlers of system instructions: special registers, masks, SVC, sleep, barriers. DDI 0403 B5.2.
#include "cpu/lower.h"
#include "cpu/system_control.h"

namespace tinysim {
namespace {

enum Special : uint32_t { msp_register = 8, psp_register = 9, primask_register = 16, basepri_register = 17,
                          basepri_max_register = 18, faultmask_register = 19, control_register = 20 };

[[gnu::noinline]] uint32_t read_special(Cpu* cpu, uint32_t which, uint32_t flags) {
    const Exceptions& e = cpu->exceptions;
    if (which < 8) {                                        // combinations of APSR, IPSR, EPSR (which reads as zero)
        uint32_t value = (which & 1) != 0 ? cpu->ipsr : 0;
        if ((which & 4) == 0) value |= flags | cpu->q << 27 | cpu->ge << 16;
        return value;
    }
    if (which == control_register) return cpu->control();
    if (!cpu->privileged()) return 0;
    switch (which) {
        case msp_register: return cpu->msp();
        case psp_register: return cpu->psp();
        case primask_register: return e.primask;
        case basepri_register: case basepri_max_register: return e.basepri;
        case faultmask_register: return e.faultmask;
        default: return 0;
    }
}

[[gnu::noinline]] void write_special(Cpu* cpu, uint32_t which, uint32_t value) {
    Exceptions& e = cpu->exceptions;
    if (!cpu->privileged()) return;
    e.changed = true;
    cpu->protection_changed = true;                         // FAULTMASK and CONTROL.nPRIV choose the MPU's view
    switch (which) {
        case msp_register: cpu->msp() = value & ~3u; break;
        case psp_register: cpu->psp() = value & ~3u; break;
        case primask_register: e.primask = value & 1; break;
        case basepri_register: e.set_basepri(static_cast<uint8_t>(value)); break;
        case basepri_max_register: e.raise_basepri(static_cast<uint8_t>(value)); break;
        case faultmask_register: e.set_faultmask((value & 1) != 0); break;
        case control_register: cpu->set_control(value); break;
        default: break;
    }
}

// Back to the run loop after this instruction: what may be taken has changed.
[[gnu::always_inline]] inline void yield(TINYSIM_OP_ARGS) {
    cpu->attention = true;
    return leave(op + 1, cpu, cl - op->cost, nz, c, v);
}

void mrs(TINYSIM_OP_ARGS) {
    const uint32_t flags = static_cast<uint32_t>(nz < 0) << 31 | static_cast<uint32_t>(static_cast<uint32_t>(nz) == 0) << 30 | c << 29 | v << 28;
    cpu->r[op->rd] = read_special(cpu, op->imm, flags);
    next(TINYSIM_OP_PASS);
}

// MSR APSR: rd bit 1 is nzcvq, bit 0 is g.
void msr_apsr(TINYSIM_OP_ARGS) {
    const uint32_t value = cpu->r[op->rn];
    if ((op->rd & 2) != 0) {
        const bool zero = (value >> 30) & 1;
        nz = zero ? (value >> 31 ? INT64_MIN : 0) : (value >> 31 ? -1 : 1);
        c = (value >> 29) & 1;
        v = (value >> 28) & 1;
        cpu->q = (value >> 27) & 1;
    }
    if ((op->rd & 1) != 0) cpu->ge = (value >> 16) & 15;
    next(TINYSIM_OP_PASS);
}

void msr(TINYSIM_OP_ARGS) {
    write_special(cpu, op->imm, cpu->r[op->rn]);
    return yield(TINYSIM_OP_PASS);
}

// imm bit 4: disable; bit 1: PRIMASK; bit 0: FAULTMASK.
void cps(TINYSIM_OP_ARGS) {
    const uint32_t disable = (op->imm >> 4) & 1;
    if ((op->imm & 2) != 0) write_special(cpu, primask_register, disable);
    if ((op->imm & 1) != 0) write_special(cpu, faultmask_register, disable);
    return yield(TINYSIM_OP_PASS);
}

template <Request What>
void request_after(TINYSIM_OP_ARGS) {
    cpu->request = What;
    return leave(op + 1, cpu, cl - op->cost, nz, c, v);
}

void breakpoint(TINYSIM_OP_ARGS) {
    cpu->request = Request::breakpoint;
    cpu->request_value = op->imm;
    return leave(TINYSIM_OP_PASS);
}

void send_event(TINYSIM_OP_ARGS) {
    cpu->event_register = true;
    next(TINYSIM_OP_PASS);
}

void nothing(TINYSIM_OP_ARGS) { next(TINYSIM_OP_PASS); }

}  // namespace

void op_no_coprocessor(TINYSIM_OP_ARGS) {
    cpu->fault(usage_fault, nocp);
    return leave(TINYSIM_OP_PASS);
}

void op_undefined_float(TINYSIM_OP_ARGS) {
    if (!cpu->system->fp_enabled_for(cpu->privileged())) return op_no_coprocessor(TINYSIM_OP_PASS);
    return op_undefined(TINYSIM_OP_PASS);
}

Handler system_handler(const Insn& i) {
    switch (i.kind) {
        case Kind::no_coprocessor: return op_no_coprocessor;
        case Kind::undefined_float: return op_undefined_float;
        case Kind::mrs: return mrs;
        case Kind::msr: return i.imm < 4 ? msr_apsr : msr;
        case Kind::cps: return cps;
        case Kind::svc: return request_after<Request::svc>;
        case Kind::wfi: return request_after<Request::wait_for_interrupt>;
        case Kind::wfe: return request_after<Request::wait_for_event>;
        case Kind::bkpt: return breakpoint;
        case Kind::sev: return send_event;
        case Kind::nop: case Kind::dmb: case Kind::dsb: case Kind::isb: case Kind::it: return nothing;
        default: return nullptr;
    }
}

}  // namespace tinysim
