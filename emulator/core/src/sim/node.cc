#include "tinysim/node.h"

#include "tinysim/archive.h"

namespace tinysim {

// A task that the PPI triggers can leave its gap for the next access.
void Device::state(Archive& archive) { archive(gap_, refused_); }

}  // namespace tinysim
