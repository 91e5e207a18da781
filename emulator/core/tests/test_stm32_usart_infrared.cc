// IrDA of the STM32's USARTs on the bench: half duplex, GTPR.PSC.
#include "stm32_usart_bench.h"

using namespace bench;
using namespace bench::stm32;
using namespace bench::stm32::usart;

TEST(infrared_is_half_duplex) {
    Joined j(0, IREN);
    for (Port* each : {&j.a, &j.b}) {
        each->set(GTPR, 1);
        each->set(CR1, UE | TE | RE);
    }
    j.a.set(DR, 'x');
    j.run_to(2 * frame + bit / 2);                          // TE's idle frame ran in front
    EXPECT_EQUAL(j.b.get(DR), 'x');
    const Tick begin = j.scheduler.now();
    j.a.set(DR, '1');
    j.run_to(begin + 2 * bit);
    j.b.set(DR, '2');                                       // while one arrives: it does not leave the chip
    j.run_to(begin + 2 * frame);
    EXPECT_EQUAL(j.b.get(DR), '1');
    EXPECT_EQUAL(j.a.get(SR) & RXNE, 0);
    EXPECT_EQUAL(j.recorder.warnings.size(), 1);
    EXPECT(!j.a.usart.take_gap());
}

TEST(a_host_waits_while_infrared_sends_and_psc_must_be_set) {
    Uart u(UE | TE | RE, 0, IREN);
    u.set(DR, 'x');
    u.run_to(3 * frame);
    EXPECT_EQUAL(u.get(SR) & TC, TC);                       // as from reset: nothing was sent
    EXPECT_EQUAL(u.recorder.warnings.size(), 1);
    Uart w(UE | TE, 0, IREN);
    w.set(GTPR, 1);
    w.set(CR1, UE | TE | RE);
    w.run_to(2 * frame);
    w.set(DR, 'x');
    w.host_sends("y");
    w.run_to(3 * frame - 1);
    EXPECT_EQUAL(w.get(SR) & RXNE, 0);
    w.run_to(4 * frame);
    EXPECT_EQUAL(w.get(DR), 'y');
}

int main(int count, char** names) { return run(count, names); }
