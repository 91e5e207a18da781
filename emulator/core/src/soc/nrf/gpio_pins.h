// What GPIO offers to its neighbours. Node::output("0".."31") is the level of the pin's net,
// output("DETECT") the sense signal. Node::input(0..31) is the outside's driver of a pin; the
// numbers below are GPIOTE's.
#pragma once

namespace tinysim::nrf {

inline constexpr unsigned pins_per_port = 32;
inline constexpr unsigned hold_as_output = 32;  // + pin: GPIOTE drives the pin, not OUT and DIR
inline constexpr unsigned hold_as_input = 64;   // + pin: GPIOTE listens, the port does not drive
inline constexpr unsigned held_level = 96;      // + pin: the level GPIOTE drives

}  // namespace tinysim::nrf
