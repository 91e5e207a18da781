#include "bind/snapshot.h"

#include <nanobind/stl/shared_ptr.h>

#include "tinysim/snapshot.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {

void bind_snapshot(nb::module_& module, nb::class_<Machine>& machine) {
    nb::class_<Snapshot>(module, "Snapshot")
        .def("__bytes__", [](const Snapshot& snapshot) {
            const std::string flat = snapshot.flat();
            return nb::bytes(flat.data(), flat.size());
        })
        .def_static("from_bytes", [](const nb::bytes& flat) {
            return std::make_shared<Snapshot>(Snapshot::from_flat({static_cast<const char*>(flat.data()), flat.size()}));
        }, "flat"_a);
    machine.def("snapshot", &Machine::snapshot).def("restore", &Machine::restore, "snapshot"_a);
}

}  // namespace tinysim
